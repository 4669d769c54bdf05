import type { KubePod } from '../../ports/kube-objects.ts';
import type { ReleasePresence, ReleaseProgress } from '../../ports/releases.ts';
import type { Command } from '../../state/command.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import type { Job } from './job.ts';
import type { ConfigMapSight } from './reconfigure/config-maps.ts';

export type Parts = Upkeep['parts'];

/** What one pass over one host goes by. */
export interface Observed {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly wallMs: number;
  /** Whether the order is as the log has it, and not as it had it long ago. */
  readonly synced: boolean;
  /** Of the tasks that this controller carries out. */
  readonly order: Order | undefined;
  /** Its leader had been deposed, and this host has not begun it. */
  readonly isLate: boolean;
  /** The highest term whose order this host ever accepted; 0 for none (S10). */
  readonly obeyedTerm: number;
  /** The operation by which the node serves, as its assignment asks; undefined while it does not. */
  readonly servesBy: string | undefined;
  readonly reported: Entry<'upkeep'> | undefined;
  /** What the host runs; what nobody could tell is as it was last reported. */
  readonly parts: Parts;
  /** Of the last order that this host began. */
  readonly job: Job | undefined;
  /** What the host was brought to; undefined while nobody can tell, or it does not serve. */
  readonly configurationDigest?: string | undefined;
  /** In the middle of a step for which it was stopped, the kubelet does not run. */
  readonly kubeletDown: boolean;
  /** Absent: it has a role, is about to get one, or is to leave. */
  readonly standBy?: StandBy;
  /** What counts only for an order that is not over: to look costs processes. */
  readonly sight: Sight | undefined;
}

/** A node without a role, which is to be as ready for one as it can be without any keys. */
export interface StandBy {
  /** The operation by which it stands by. */
  readonly operationId: string;
  /** Of what it would be given with a role. */
  readonly kubernetesVersion: string;
  /** Names the rollout during which nobody joins; null: there is none. */
  readonly heldBy: string | null;
  /** Undefined where there is nothing to do: to look costs processes. */
  readonly sight: ArrivalSight | undefined;
}

/** What the arrival of a release goes by. */
export type ArrivalSight = Pick<
  Sight,
  'presence' | 'arrival' | 'arrivalForMs' | 'images' | 'imageRepository'
>;

/** The host under an order. */
export interface Sight {
  readonly presence: ReleasePresence;
  readonly arrival: ReleaseProgress;
  /** How long this process has seen the arrival in that phase. */
  readonly arrivalForMs: number;
  /** Of a preparation, once the programs are there. */
  readonly images: ImageSight | undefined;
  /** Only for an order to reconfigure. */
  readonly configuration?: ConfigurationSight;
  /** Manifests or credentials wait for what a boot has yet to find out. */
  readonly isParked: boolean;
  /** A command of an earlier order still runs. */
  readonly formerRuns: boolean;
  readonly isControlPlane: boolean;
  readonly isDrained: boolean;
  /** Host name of whoever drains it. */
  readonly sponsor: string;
  /** What the API servers of the cluster are, as far as this host can see. */
  readonly apiServers: readonly ApiServerSight[];
  /** Why no part of etcd may be stopped here, in a sentence; null where there is no such reason. */
  readonly etcdTrouble: string | null;
  /** The member that can lead etcd in the place of the one here; absent while that does not lead. */
  readonly etcdHeir?: string;
  readonly ignorePreflightErrors: readonly string[];
  readonly imageRepository: string | undefined;
  /** kubeadm of the attempt that is next, under way or last. */
  readonly command: Command;
  /** Paths of files that are empty or gone, while a copy of them was kept. */
  readonly tornFiles: readonly string[];
  /** Manifests name other images than when they were last made safe from a power cut. */
  readonly isUnsynced: boolean;
  readonly apiServerReady: boolean;
  /** Only while a control plane is upgraded. */
  readonly render: RenderSight | undefined;
  /** Manifests are others than those that were saved; looked at before they are put back. */
  readonly isChanged: boolean;
  /** Uids of the pods that show static pods; undefined when nobody told. */
  readonly mirrorPods: readonly string[] | undefined;
  /** What is not yet as it should be after the step under way, in a sentence; null when all is. */
  readonly trouble: string | null;
  /** What its kubelet has yet to say of parts that answer by themselves, in a sentence; null when all is said. */
  readonly untold: string | null;
  /** Looks in a row, a second apart, that found none. */
  readonly goodLooks: number;
  /** When to look again, so that the next one counts. */
  readonly nextLookInMs: number;
  /** How long this process has seen the order in its present state. */
  readonly inStateForMs: number;
}

/** Static pods of the release, ahead of kubeadm. */
export interface RenderSight {
  /** In their order. */
  readonly commands: readonly Command[];
  /** Those that were rendered, beside those in place. */
  readonly manifests: 'missing' | 'different' | 'same';
}

interface ConfigurationSight {
  /** Of what the spec says by now. */
  readonly digest: string;
  /** `not-asked`: on a worker, or the host is under way already. */
  readonly configMaps: ConfigMapSight | 'not-asked';
  /** It may concern more than kubelet and kube-proxy; so too where nobody knows what was there before. */
  readonly touchesStaticPods: boolean;
}

export interface ApiServerSight {
  readonly hostname: string;
  /** Null where nobody told yet. */
  readonly version: string | null;
}

export interface ImageSight {
  readonly list: Command;
  readonly pull: Command;
  /** Those that the release needs and the host lacks; undefined until the list is there. */
  readonly missing: readonly string[] | undefined;
  readonly inStateForMs: number;
}

/** Parts of a control plane, as their manifests want them and as they run. */
export interface ControlPlaneSight {
  readonly apiServer: string | undefined;
  readonly etcd: EtcdSight | undefined;
  /** For how long the controller manager of the cluster that leads has not been heard. */
  readonly leaderlessForMs: number;
  readonly components: readonly ComponentSight[];
}

export interface EtcdSight {
  readonly version: string;
  readonly hasLeader: boolean;
  readonly errors: readonly string[];
}

export interface ComponentSight {
  readonly name: string;
  /** Image in the manifest; undefined without a manifest. */
  readonly image: string | undefined;
  /** What shows it in the API; undefined when nothing does, or nobody told. */
  readonly pod: Pick<KubePod, 'uid' | 'ready' | 'images'> | undefined;
  /** It answers by itself, whatever the kubelet says of it. */
  readonly answers: boolean;
}

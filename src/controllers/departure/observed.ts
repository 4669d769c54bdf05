import type { EtcdHealth } from '../../ports/etcd.ts';
import type { KubeNode } from '../../ports/kube.ts';
import type {
  KubeDisruptionBudget,
  KubeNodeMarks,
  KubePod,
  KubeVolumeAttachment,
} from '../../ports/kube-objects.ts';
import type { KeptPods } from '../../state/kept-pods.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { WaitReason } from '../../state/status.ts';

/** A node that is asked to leave, with this one as the sponsor, as the log has it. */
export interface Departing {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly operationId: string;
  readonly task: 'demote' | 'retire';
  /** Also the name of its Node. */
  readonly hostname: string;
  readonly addresses: readonly string[];
  /** The verdict on this very incarnation; `unknown` also while it is suspected. */
  readonly life: 'alive' | 'dead' | 'unknown';
  /** It was found dead, and its machine came back empty: another node lives under its name and address. */
  readonly wiped: boolean;
  /** The host has written down that it leaves: no kubeadm of an earlier operation runs there any more. */
  readonly hasBegun: boolean;
}

/** The Node of a departing host, and what is on it. */
export interface NodeSight {
  readonly node: Pick<KubeNode, 'name' | 'uid' | 'ready'>;
  readonly marks: Pick<KubeNodeMarks, 'unschedulable' | 'taints' | 'labels'>;
  /** These two only where a living node is drained. */
  readonly pods: readonly KubePod[];
  readonly budgets: readonly KubeDisruptionBudget[];
  readonly attachments: readonly KubeVolumeAttachment[];
  /** Why its kubelet must be taken to run; undefined when nothing says so, or nobody asked. */
  readonly beat: string | undefined;
}

/** What Kubernetes and etcd show; `node` is undefined when there is no such Node. */
export interface ClusterSight {
  readonly health: EtcdHealth;
  readonly node: NodeSight | undefined;
}

export interface SponsoredDeparture {
  readonly of: Departing;
  /** As it stands, whoever wrote it and whatever for. */
  readonly entry: Entry<'departure'> | undefined;
  /** People asked for this very departure to stop. */
  readonly isRecalled: boolean;
  /** Id of another node that may have taken name or address over already. */
  readonly successor: string | undefined;
  /** Addresses of all other nodes. */
  readonly elsewhere: readonly string[];
  /** For how long this process has seen the Node asked to go, and out of service. */
  readonly drainingForMs: number;
  readonly outOfServiceForMs: number;
  /** A wait where it could not be seen. */
  readonly cluster: ClusterSight | { readonly unseen: WaitReason };
}

/** What is left of a departure that nobody asks for any more. */
export interface Withdrawn {
  readonly entry: Entry<'departure'>;
  /** Name of the Node; and its labels, none when it is gone. */
  readonly node: string;
  readonly labels: KubeNodeMarks['labels'];
}

export interface Observed {
  readonly nodeId: NodeId;
  /** Of this host, where the leader of etcd goes rather than elsewhere. */
  readonly addresses: readonly string[];
  readonly wallMs: number;
  readonly drainTimeoutMs: number;
  /** What the spec keeps of a node that is drained. */
  readonly keeps: KeptPods;
  /** It is the sponsor of departures, and not, or not yet, in a position to act. */
  readonly mayNotActYet: boolean;
  readonly departures: readonly SponsoredDeparture[];
  readonly withdrawn: readonly Withdrawn[];
}

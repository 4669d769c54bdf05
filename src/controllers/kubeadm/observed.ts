import type { CommandOutcome } from '../../machines/operation.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { HostMarker } from '../../state/host-marker.ts';
import type { Retry } from '../../state/join-retry.ts';
import type { Entry } from '../../state/kinds.ts';
import type { KubernetesFacts } from '../../state/kubernetes-facts.ts';
import type { NodeId } from '../../state/node-id.ts';

/** What one pass over one host goes by. */
export interface Observed {
  readonly clusterId: string;
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly wallMs: number;
  /** What the assignment asks, else the spec; undefined while the log has neither. */
  readonly kubernetesVersion: string | undefined;
  /** Of the programs on PATH; absent: the same. */
  readonly kubeletVersion?: string;
  /** Whether assignment and operation are as the log has them, and not as it had them long ago. */
  readonly synced: boolean;
  readonly assignment: Assignment | undefined;
  /** Instead of an assignment: one that counts for nothing, as its leader had been deposed. */
  readonly lateAssignment?: Assignment;
  /** The highest term whose assignment this host ever accepted; 0 for none (S10). */
  readonly obeyedTerm: number;
  /** The entry of the assignment's operation, whoever wrote it. */
  readonly operation: Entry<'operation'> | undefined;
  readonly reported: Entry<'status'> | undefined;
  readonly host: HostReadiness;
  /** Undefined when this host carries no readable marker. */
  readonly marker: HostMarker | undefined;
  /** How far the operation is that the marker names; `none` when that is the assignment's own. */
  readonly formerOperation: 'none' | 'running' | 'ended' | 'succeeded';
  /** Paths that kubeadm left, as far as they are in the way of the assignment's task. */
  readonly residue: readonly string[];
  /** How long this process has seen the same names in kubeadm's folders. */
  readonly listedForMs: number;
  readonly facts: KubernetesFacts;
  /** A file that the installation lacks, or that is empty, where the facts speak for one. */
  readonly missingFile: string | undefined;
  /** How long this process has seen the facts to be worse than reported. */
  readonly worseForMs: number;
  readonly balancer: BalancerFacts;
  readonly handover: 'absent' | 'ready' | UntimelyHandover;
  /** `kubeadm init` or `join` of the attempt under way. */
  readonly command: Command;
  /** `kubeadm reset` after that attempt. */
  readonly reset: Command;
  /** This host votes in etcd, and a power cut took the kubelet's credentials: nothing starts its etcd. */
  readonly kubeletStranded: boolean;
  /** The kubelet whose certificate the command waits for; absent where there is no such wait. */
  readonly kubelet?: BootstrappingKubelet;
  /** What only a change of role goes by; absent where none is under way. */
  readonly roleChange?: RoleChange;
  /** How long this process has seen the operation in its present state. */
  readonly inStateForMs: number;
  readonly retry: Retry;
}

/** Of a promotion, demotion or retirement; what another of them has no use for is empty. */
export interface RoleChange {
  /** What the sponsor does in the cluster before this host is touched. */
  readonly departure: DepartureView;
  /** One for each phase of a promotion in place, in their order. */
  readonly phases: readonly Command[];
  /** Paths of manifests of a control plane. */
  readonly manifests: readonly string[];
  /** Names of the processes that run of them; looked for while they are to end. */
  readonly processes: readonly string[];
  /** Paths of what else only a control plane has. */
  readonly remains: readonly string[];
  /** The kubelet finds the cluster through the load balancer. */
  readonly kubeletBalanced: boolean;
  /** How long the kubelet has run since its start, once it is to run as that of a worker. */
  readonly kubeletRunsForMs: number | undefined;
  /** Routes, masquerading or CNI configuration of civitas. */
  readonly hasPodNetwork: boolean;
}

export interface DepartureView {
  readonly isDone: boolean;
  /** Host name of the sponsor. */
  readonly by: string;
  /** What keeps it from going on, as it says. */
  readonly why: string | undefined;
}

/** `not-asked`: nothing of the host is about to be used. */
export type HostReadiness =
  | { readonly state: 'not-asked' }
  | { readonly state: 'ready' }
  | { readonly state: 'can-prepare' }
  /** Sentences that each name a thing and its cure. */
  | {
      readonly state: 'missing';
      readonly messages: readonly string[];
      /** Releases whose programs may be had from elsewhere, and that nobody fetches yet. */
      readonly obtainable?: readonly string[];
    };

export interface BalancerFacts {
  readonly running: boolean;
  readonly listsOwnServer: boolean;
  /** An API server of another host answers. */
  readonly reachesOthers: boolean;
}

export type Command =
  | { readonly phase: 'absent' }
  /** About to be started, and never was. */
  | { readonly phase: 'announced' }
  | { readonly phase: 'running' }
  | {
      readonly phase: 'ended';
      readonly outcome: Exclude<CommandOutcome, 'vanished'>;
      readonly reason: string;
    };

/** It has a token, and no certificate yet. */
export interface BootstrappingKubelet {
  readonly runsForMs: number;
  /** Whether this process has restarted it for the command that runs. */
  readonly restarted: boolean;
}

/** Keys that came, with a token that ends too soon, or too late for any token, by the wall clock of this host. */
export interface UntimelyHandover {
  readonly endsWallMs: number;
  /** Host name of whoever made it. */
  readonly sponsor: string;
}

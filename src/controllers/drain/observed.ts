import type {
  KubeDisruptionBudget,
  KubeNodeMarks,
  KubePod,
  KubeVolumeAttachment,
} from '../../ports/kube-objects.ts';
import type { KeptPods } from '../../state/kept-pods.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import type { OrderReport } from '../../state/order-report.ts';
import type { WaitReason } from '../../state/status.ts';

/** An order that gives a node's pods away, with this one as the sponsor, as the log has it. */
export interface Ask {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly operationId: string;
  readonly task: Order['task'];
  readonly kubernetesVersion: string;
  /** Also the name of its Node. */
  readonly hostname: string;
  /** Of the order itself, as whoever carries it out says. */
  readonly work: OrderReport['state'];
  /** It is a control plane, and no other one lives and serves. */
  readonly lastControlPlane: boolean;
  /** The leader wants the order back. */
  readonly recalled: boolean;
}

/** A Node, and what is on it. */
export interface NodeSight {
  readonly ready: boolean;
  readonly kubeletVersion: string;
  readonly marks: Pick<KubeNodeMarks, 'unschedulable' | 'labels'>;
  /** These three only where the node is to be emptied. */
  readonly pods: readonly KubePod[];
  readonly budgets: readonly KubeDisruptionBudget[];
  readonly attachments: readonly KubeVolumeAttachment[];
}

/** `node` is undefined when there is no such Node; a wait where it could not be seen. */
export type Sight = { readonly node: NodeSight | undefined } | { readonly unseen: WaitReason };

/** A drain that has something left to be done now. */
export interface SponsoredDrain {
  readonly of: Ask;
  /** As it stands, whatever operation it is of. */
  readonly entry: Entry<'drain'> | undefined;
  /** For how long this process has seen the node asked to be emptied. */
  readonly drainingForMs: number;
  readonly sight: Sight;
}

/** What is left of a drain that nobody asks for any more. */
export interface Leftover {
  readonly entry: Entry<'drain'>;
  /** Name of the Node; undefined when the log does not know the node any more. */
  readonly hostname: string | undefined;
  readonly sight: Sight;
}

/** A worker that is not marked as it should be. */
export interface OutdatedMark {
  readonly node: string;
  readonly outdated: boolean;
}

export interface Observed {
  readonly nodeId: NodeId;
  readonly wallMs: number;
  readonly drainTimeoutMs: number;
  /** What the spec keeps of a node that is drained. */
  readonly keeps: KeptPods;
  /** It is the sponsor of drains, and not, or not yet, in a position to act. */
  readonly mayNotActYet: boolean;
  readonly drains: readonly SponsoredDrain[];
  /** For this node to take back. */
  readonly leftovers: readonly Leftover[];
  /** All nodes that somebody has yet to take back into service. */
  readonly unreleased: readonly Pick<Ask, 'nodeId' | 'hostname'>[];
  readonly outdatedMarks: readonly OutdatedMark[];
}

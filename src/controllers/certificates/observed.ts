import type { ServedLeaf } from '../../ports/certificates.ts';
import type { OperationState } from '../../ports/operations.ts';
import type { Handover } from '../../state/handover.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import type { Renewal, RestartedUser } from './renewal.ts';

/** What is asked of the host only while a renewal is under way, as it costs programs and handshakes. */
interface RenewalFacts {
  readonly command: OperationState;
  /** `/readyz` of this host's own API server. */
  readonly apiServerReady: boolean;
  readonly kubeletRuns: boolean;
  /** Asked for only once all were restarted. */
  readonly served: readonly ServedLeaf[];
  /** How long this process has seen the renewal stand at this step. */
  readonly inStepForMs: number;
}

/** The renewal that this host carries out, and what of the host tells how far it is. */
export interface Underway extends RenewalFacts {
  readonly renewal: Renewal;
}

export interface Observed {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly wallMs: number;
  readonly synced: boolean;
  /** This node last said that it serves, or stands by: nothing else changes its files now. */
  readonly settled: boolean;
  readonly serves: boolean;
  readonly hostsControlPlane: boolean;
  /** Kubernetes is moved aside since the boot. */
  readonly parked: boolean;
  readonly leaves: readonly LeafCertificate[];
  /** Why the wall clock of this host must not judge them. */
  readonly clockTrouble: string | undefined;
  /** What this node last said of them. */
  readonly entry: Entry<'certificates'> | undefined;
  /** To renew, given to this node by a leader that had not been deposed. */
  readonly order: Order | undefined;
  readonly obeyedTerm: number;
  /** The node has given its pods away for that order. */
  readonly drained: boolean;
  readonly underway: Underway | undefined;
  /** Static pods that do not run; asked for only where a leaf is over. */
  readonly notRunning: readonly RestartedUser[];
  /** bootstrap-kubelet.conf, where there is one. */
  readonly bootstrap: { readonly tokenId: string | undefined } | undefined;
  /** A token for the kubelet of this host that lost its certificate. */
  readonly handover: Pick<Handover, 'tokenId'> | undefined;
}

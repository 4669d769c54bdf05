import type { BalancerServer } from '../../ports/balancer.ts';
import type { KubeNodeMarks } from '../../ports/kube-objects.ts';
import type { JudgedConfigMap } from '../../runtime/kubeadm-config-maps.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Baseline, Mark } from './baseline.ts';
import type { RepairBook } from './repair-book.ts';

/** What one pass goes by. */
export type Observed =
  /** Nothing on this host is anybody's but its present operation's. */
  | { readonly state: 'not-serving' }
  /** An operation of ours may change what is looked at; `pending` when that is not written down yet. */
  | {
      readonly state: 'under-way';
      readonly baseline: Baseline;
      readonly pending: string | undefined;
    }
  | ({ readonly state: 'serving' } & Serving);

export interface Serving {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly policy: ClusterSpec['drift']['policy'];
  readonly wallMs: number;
  readonly baseline: Baseline;
  readonly mark: Mark;
  readonly book: RepairBook;
  readonly reported: Entry<'drift'> | undefined;
  readonly host: HostView;
  readonly node: NodeView;
  /** `not-ours`: nobody looks after them now, or another node. `unseen`: nothing is known anew. */
  readonly configMaps: readonly JudgedConfigMap[] | 'not-ours' | 'unseen';
  readonly turn: Turn;
}

export interface HostView {
  readonly kubernetesVersion: string;
  /** Preferred first. */
  readonly addresses: readonly string[];
  /** By path; undefined where there is no such file. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Kernel settings that have to be 1 and are not, by their dotted names. */
  readonly wrongSettings: readonly string[];
  /** Servers for a file of the load balancer that says else what civitas does not write; else undefined. */
  readonly alteredBalancer: readonly BalancerServer[] | undefined;
}

export interface NodeView {
  readonly isControlPlane: boolean;
  /** The API has no Node of this host, for as long as it takes to be sure; false where nobody answered. */
  readonly isAbsent: boolean;
  /** Of a control plane; undefined where nobody answered. */
  readonly marks: KubeNodeMarks | undefined;
}

/** Whether a part of this host's control plane may be ended for a moment (S6). */
export interface Turn {
  /** Its own API server does not answer: nobody loses anything. */
  readonly servesAnyway: boolean;
  /** Why it is not the time; undefined when it is. */
  readonly why: string | undefined;
  /** Items that this process has seen to be right for less than a minute. */
  readonly settling: ReadonlySet<string>;
}

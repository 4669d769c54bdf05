import type { EtcdHealth } from '../../ports/etcd.ts';
import type { KubeNode } from '../../ports/kube.ts';
import type {
  KubeDeprecatedApi,
  KubeDisruptionBudget,
  KubeNodeLease,
  KubeNodeMarks,
  KubePod,
  KubeWrittenObjects,
} from '../../ports/kube-objects.ts';
import type { KeptPods } from '../../state/kept-pods.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { RemovedApi } from '../../state/removed-apis.ts';

/** An order to look at the cluster, as the log has it. */
export interface Ask {
  readonly operationId: string;
  readonly planId: string;
  /** What the cluster is to run next. */
  readonly kubernetesVersion: string;
}

/** A node with a role, as the log has it. */
export interface NodeView {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly alive: boolean;
  /** Null where there is none, or nobody could tell. */
  readonly apiServer: string | null;
  /** The rollout is still to have it give its pods away. */
  readonly drains: boolean;
  /** The rollout is still to bring the release to it; others may do without. */
  readonly isToGet: boolean;
  /** Releases that are all on its host. */
  readonly prepared: readonly string[];
  /** Undefined while it did not tell. */
  readonly leaves: readonly LeafCertificate[] | undefined;
}

/** What is stored of an API that the release does not have. */
export interface StoredSight extends KubeWrittenObjects {
  readonly api: RemovedApi;
}

export interface ClusterSight {
  readonly nodes: readonly KubeNode[];
  readonly leases: readonly KubeNodeLease[];
  readonly budgets: readonly KubeDisruptionBudget[];
  /** Of the nodes that give their pods away, by name. */
  readonly marks: ReadonlyMap<string, KubeNodeMarks>;
  readonly pods: ReadonlyMap<string, readonly KubePod[]>;
  readonly deprecatedApis: readonly KubeDeprecatedApi[];
  /** Of each API that the release takes away. */
  readonly stored: readonly StoredSight[];
  /** What kubeadm-config says. */
  readonly clusterConfiguration: Readonly<Record<string, unknown>>;
  /** Undefined when this host runs no etcd, or etcd does not answer. */
  readonly health: EtcdHealth | undefined;
}

export interface Survey {
  readonly ask: Ask;
  /** What was found before, whatever for. */
  readonly entry: Entry<'survey'> | undefined;
  readonly nodes: readonly NodeView[];
  readonly keeps: KeptPods;
  /** `spec.kubeadm.clusterConfiguration`. */
  readonly specConfiguration: Readonly<Record<string, unknown>>;
  /** File name of the snapshot of etcd that was saved for this order. */
  readonly snapshot: string | undefined;
  /** The sentence that says why nothing was seen, where no API server answers. */
  readonly cluster: ClusterSight | { readonly unseen: string };
}

export interface Observed {
  readonly nodeId: NodeId;
  readonly wallMs: number;
  /** Undefined where nobody asks this node to look. */
  readonly survey: Survey | undefined;
}

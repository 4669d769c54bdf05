import type { Order } from '../../state/order.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import type { Argv } from './commands.ts';
import type { Job } from './job.ts';

/** One step on one host. */
export type Action =
  | { readonly type: 'obey'; readonly term: number }
  | { readonly type: 'report'; readonly upkeep: Upkeep; readonly ifRevision: number }
  /** Keeps on disk how far the order is. */
  | { readonly type: 'keep-job'; readonly job: Job }
  | { readonly type: 'obtain-release'; readonly kubernetesVersion: string }
  /** Copies of all that a rollback puts back. */
  | { readonly type: 'save-files' }
  /** Puts copies in the place of files that a power cut took or emptied. */
  | { readonly type: 'mend-files'; readonly paths: readonly string[] }
  | { readonly type: 'start-command'; readonly name: string; readonly argv: Argv }
  /** kubeadm of the release ends for a feature gate that it does not know any more. */
  | { readonly type: 'strip-gates'; readonly kubernetesVersion: string }
  /** For the manifests of the release, by what the cluster keeps of its configuration. */
  | { readonly type: 'write-render-config'; readonly kubernetesVersion: string }
  /** All four at once, with the kubelet stopped: it takes much longer to swap one after the other. */
  | { readonly type: 'swap-static-pods' }
  | { readonly type: 'remove-tree'; readonly path: string }
  /** Requests fail for seconds while etcd finds out that its leader is gone. */
  | { readonly type: 'move-etcd-leader'; readonly toId: string }
  | { readonly type: 'forget-command'; readonly name: string }
  | { readonly type: 'link-kubernetes'; readonly kubernetesVersion: string }
  /** With the kubelet, gently: one of another minor would kill them all at once. */
  | { readonly type: 'stop-static-pods' }
  | { readonly type: 'restart-kubelet' }
  /** kubeadm-config, kubelet-config and kube-proxy come to say what the spec does. */
  | { readonly type: 'write-config-maps'; readonly kubernetesVersion: string }
  /** It reads its configuration when it starts. */
  | { readonly type: 'restart-kube-proxy' }
  /** Of the upgrade that failed: what of them differs is written back. */
  | { readonly type: 'put-files-back'; readonly task: Order['task'] }
  /** Makes durable what kubeadm wrote. */
  | { readonly type: 'sync-files' };

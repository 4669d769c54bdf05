import type { BalancerServer } from '../../ports/balancer.ts';
import type { KubeTaint } from '../../ports/kube-objects.ts';
import type { ConfigMapName } from '../../state/kubeadm/wanted-config-map.ts';

/** What has to be done for a file to count again once it was written. */
export type Afterwards = 'nothing' | 'restart-kubelet' | 'reload-units' | 'reload-kubelet';

/** How one thing is brought back to what it was. */
export type Repair =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly content: string;
      readonly mode: number;
      readonly afterwards: Afterwards;
    }
  /** A kubelet registers its Node when it starts. */
  | { readonly type: 'restart-kubelet' }
  | { readonly type: 'labels'; readonly labels: Readonly<Record<string, string>> }
  | { readonly type: 'taint'; readonly taint: KubeTaint }
  | {
      readonly type: 'config-map';
      readonly name: ConfigMapName;
      readonly data: Readonly<Record<string, string>>;
      readonly revision: string;
    }
  | { readonly type: 'sysctl'; readonly kubernetesVersion: string }
  | { readonly type: 'balancer-file'; readonly servers: readonly BalancerServer[] };

/** One thing that is not as it should be. */
export interface Finding {
  /** As in the entry `drift`. */
  readonly item: string;
  readonly message: string;
  /** Nothing is there that a repair could end. */
  readonly isGone?: true;
  /** Tells apart what stands there now and what stood there before; no secret can be read from it. */
  readonly found: string;
  /** Undefined where only people can. */
  readonly repair: Repair | undefined;
}

import type { Reasons } from '../../state/decision-event.ts';

export type Action =
  | { readonly type: 'write-flags'; readonly content: string }
  /** It tells Kubernetes its address once, at its start. */
  | { readonly type: 'restart-kubelet' }
  /** It looks at the address of its Node once, at its start, and serves node ports only there (nftables). */
  | { readonly type: 'restart-kube-proxy' }
  /** kubeadm makes leaves for this address in place of those named. */
  | { readonly type: 'make-leaves'; readonly names: readonly string[]; readonly address: string }
  | { readonly type: 'forget-command'; readonly address: string }
  /** Whatever names the former address names this one, and all that was started with it starts anew. */
  | {
      readonly type: 'readdress';
      readonly former: string;
      readonly address: string;
      readonly reasons: Reasons;
    };

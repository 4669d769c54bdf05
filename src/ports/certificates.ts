import type { LeafCertificate } from '../state/leaf-certificates.ts';

/** A static pod that uses leaves. */
export type LeafUser = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** What a server of this host shows whoever connects. */
export interface ServedLeaf {
  /** Of the leaf that belongs there. */
  readonly name: 'apiserver' | 'etcd-server' | 'etcd-peer' | 'kubelet-serving';
  /** `present`: the leaf that stands on the disk now; `former`: another; `silent`: no handshake. */
  readonly state: 'present' | 'former' | 'silent';
}

/** The leaves of this host: names and validity, never a key. */
export interface Certificates {
  /**
   * Those that stand on this host, in the order of LEAF_FILES; what can not be read as one is left out.
   * `notBeforeWallMs` is when it was issued, as well as the host can tell: some releases of kubeadm date
   * leaves back to the beginning of their authority. Starts no program, reads only files that changed.
   */
  leaves(): Promise<readonly LeafCertificate[]>;
  /**
   * Names of the leaves of etcd and API server, shown to other machines, that are not there or do not name
   * the address.
   */
  lacking(address: string): Promise<readonly string[]>;
  /** A TLS handshake with each server of this host whose leaf stands there. */
  served(): Promise<readonly ServedLeaf[]>;
  /**
   * Ends the process of a static pod, which its kubelet starts again at once, and resolves once it
   * runs again; at once when none runs. RetryableError `certificates.not-restarted` after two minutes.
   */
  restart(user: LeafUser): Promise<void>;
}

import type { LeafCertificates } from '../../state/leaf-certificates.ts';
import type { Renewal, RestartedUser } from './renewal.ts';

/** One step on one host. None holds a secret, as actions may be logged. */
export type Action =
  | { readonly type: 'report'; readonly value: LeafCertificates; readonly ifRevision: number }
  | { readonly type: 'obey'; readonly term: number }
  /** Keeps on disk that a renewal begins, or which way it goes from here. */
  | { readonly type: 'record'; readonly renewal: Renewal }
  | { readonly type: 'back-up'; readonly renewal: Renewal }
  | { readonly type: 'renew'; readonly command: string }
  /** Makes durable what kubeadm wrote, and that it is so: `renewal` is how it stands then. */
  | { readonly type: 'sync-files'; readonly renewal: Renewal }
  /** Puts back what a power cut left unreadable, as kubeadm renews nothing else. */
  | { readonly type: 'mend'; readonly renewal: Renewal; readonly torn: readonly string[] }
  | { readonly type: 'forget-command'; readonly command: string }
  /** Puts back what was backed up. */
  | { readonly type: 'put-back'; readonly renewal: Renewal }
  /** Starts `user` again, and keeps on disk that it was: `renewal` is how it stands then. */
  | { readonly type: 'restart'; readonly user: RestartedUser; readonly renewal: Renewal }
  /** The renewal is over and its outcome told. */
  | { readonly type: 'finish' }
  /** Lets the kubelet run, and start static pods, before any control plane can hand it a token. */
  | { readonly type: 'hold-kubelet' }
  /** Lets the kubelet ask for a certificate with the token that was handed over. */
  | { readonly type: 'bootstrap-kubelet' }
  | { readonly type: 'remove-bootstrap' }
  /** Lets kubelet.conf name the certificate that the kubelet rotates. */
  | { readonly type: 'name-rotated' };

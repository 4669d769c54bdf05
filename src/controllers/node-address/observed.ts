import type { Command } from '../../state/command.ts';

export interface Observed {
  /** Whether this host serves, so that no kubeadm is about to write what is looked at. */
  readonly serves: boolean;
  /** Preferred first. */
  readonly addresses: readonly string[];
  /** The file with the kubelet's flags; undefined where there is none. */
  readonly kubeletFlags: string | undefined;
  /** InternalIP of this host's Node; undefined where nobody answered, and once it was found right. */
  readonly registered: string | undefined;
  /** kube-proxy was started before the Node got the address of its host. */
  readonly proxyIsBehind: boolean;
  /** Undefined on a host without one, and while all of it is set up for an address that the host has. */
  readonly controlPlane: MovedControlPlane | undefined;
}

/** A control plane that is set up for an address which its host has no more. */
export interface MovedControlPlane {
  readonly former: string;
  /** The log has this host at its address, and whoever else claims that one was found out before. */
  readonly isEnrolled: boolean;
  /**
   * Under which address the other members of etcd look for the one of this host: one that it has, another,
   * or nobody could tell. `alone`: no other control plane is known to the log.
   */
  readonly listed: 'here' | 'elsewhere' | 'unknown' | 'alone';
  /** Names of the leaves that other machines are shown, and which do not name the address. */
  readonly lacking: readonly string[];
  /** Of the kubeadm that makes them. */
  readonly command: Command;
  /** For how long this process has seen the command as it is. */
  readonly inStateForMs: number;
  /** An order is under way that changes the same files. */
  readonly isUnderOrder: boolean;
}

import type { Assignment } from '../../state/assignment.ts';
import type { Operation } from '../../state/operation.ts';
import type { Status } from '../../state/status.ts';

/** One step on one host. None holds a secret, as actions may be logged. */
export type Action =
  | { readonly type: 'obey'; readonly term: number }
  | { readonly type: 'report'; readonly status: Status; readonly ifRevision: number }
  | { readonly type: 'record'; readonly operation: Operation; readonly ifRevision: number }
  | {
      readonly type: 'prepare-host';
      readonly kubernetesVersion: string;
      /** Absent: the same. */
      readonly kubeletVersion?: string;
    }
  /** Begins to fetch the programs of a release, from a mirror or from a node that has its bundle. */
  | { readonly type: 'obtain-release'; readonly kubernetesVersion: string }
  /** Marker, keys and configuration that the command of this assignment needs. */
  | { readonly type: 'write-files'; readonly assignment: Assignment }
  /** So that the next agent can tell a command that was never started from one that vanished. */
  | { readonly type: 'announce-command'; readonly name: string }
  | { readonly type: 'start-command'; readonly name: string; readonly argv: Argv }
  /** Makes durable what kubeadm wrote so far. */
  | { readonly type: 'sync-files' }
  /** A kubelet asks for its first certificate at its start, and ever more seldom afterwards. */
  | { readonly type: 'restart-kubelet'; readonly command: string }
  /** Gives the kubelet the token back that got it its lost certificate. */
  | { readonly type: 'restore-bootstrap' }
  /** Takes this host's member out of etcd, while it still can. */
  | { readonly type: 'leave-etcd' }
  | { readonly type: 'forget-command'; readonly name: string }
  | { readonly type: 'remove-files'; readonly paths: readonly string[] }
  /** Folders with all that is below them, too. */
  | { readonly type: 'remove-trees'; readonly paths: readonly string[] }
  /** Lets the kubelet find the cluster through the load balancer of its host, by a restart. */
  | { readonly type: 'balance-kubelet' }
  | { readonly type: 'clear-pod-network' };

type Argv = readonly [string, ...string[]];

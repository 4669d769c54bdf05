import type { Assignment } from '../../state/assignment.ts';
import type { Operation } from '../../state/operation.ts';
import type { Status } from '../../state/status.ts';

/** One step on one host. None holds a secret, as actions may be logged. */
export type Action =
  | { readonly type: 'obey'; readonly term: number }
  | { readonly type: 'report'; readonly status: Status; readonly ifRevision: number }
  | { readonly type: 'record'; readonly operation: Operation; readonly ifRevision: number }
  | { readonly type: 'prepare-host'; readonly kubernetesVersion: string }
  /** Marker, keys and configuration that the command of this assignment needs. */
  | { readonly type: 'write-files'; readonly assignment: Assignment }
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
  | { readonly type: 'remove-files'; readonly paths: readonly string[] };

type Argv = readonly [string, ...string[]];

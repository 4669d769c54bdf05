import type { Task } from '../../state/assignment.ts';
import { KUBEADM_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import { CRI_SOCKET } from './config/node-registration.ts';

type Argv = readonly [string, ...string[]];

/** Pulling images comes first and takes as long as the network makes it; every other wait ends sooner. */
export const COMMAND_TIMEOUT_SECONDS = 1_800;

/** Operation names are limited to 63 characters; what tells two operations apart stands at the end. */
const OPERATION_ID_CHARACTERS = 50;

const SKIP_SECRETS = ['--skip-token-print', '--skip-certificate-key-print'];

/** Every attempt has its own name, so that what is left of one is never taken for the next. */
export function commandName(operationId: string, attempt: number): string {
  return `kubeadm-${attempt}-${operationId.slice(-OPERATION_ID_CHARACTERS)}`;
}

/** The reset after an attempt; after attempt 0 it removes what a former operation left. */
export function resetName(operationId: string, attempt: number): string {
  return `reset-${attempt}-${operationId.slice(-OPERATION_ID_CHARACTERS)}`;
}

/** One phase of a promotion in place, by its place in their order. */
export function phaseName(operationId: string, attempt: number, index: number): string {
  return `phase${index + 1}-${attempt}-${operationId.slice(-OPERATION_ID_CHARACTERS)}`;
}

export function commandFor(task: Task): Argv {
  if (task === 'init') return ['kubeadm', 'init', '--config', KUBEADM_CONFIG_FILE, ...SKIP_SECRETS];
  return ['kubeadm', 'join', '--config', KUBEADM_CONFIG_FILE];
}

/** All supported versions of kubeadm know these flags, which a ResetConfiguration would not give. */
export const RESET_COMMAND: Argv = [
  'kubeadm',
  'reset',
  '--force',
  '--cleanup-tmp-dir',
  '--cri-socket',
  CRI_SOCKET,
];

/** For a host whose member of etcd is gone already: none is to be looked for. */
export const RETIREMENT_RESET: Argv = [...RESET_COMMAND, '--skip-phases=remove-etcd-member'];

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { RetryableError } from '../errors.ts';
import type { LeafUser } from '../ports/certificates.ts';
import type { Clock } from '../ports/clock.ts';
import { hasCode } from './error-code.ts';

/** The kubelet looks at its containers each second; an API server first ends what it was asked, in up to 60 s. */
const TIMEOUT_MS = 120_000;
const LOOK_MS = 500;
/** The kernel keeps that much of a program's name (proc(5), comm). */
const NAME_CHARACTERS = 15;

/** An argument that kubeadm gives each of them, and nobody else's program of that name has. */
const ARGUMENTS: Readonly<Record<LeafUser, string>> = {
  etcd: '--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt',
  'kube-apiserver': '--tls-cert-file=/etc/kubernetes/pki/apiserver.crt',
  'kube-controller-manager': '--kubeconfig=/etc/kubernetes/controller-manager.conf',
  'kube-scheduler': '--kubeconfig=/etc/kubernetes/scheduler.conf',
};

interface ProcessDeps {
  readonly clock: Clock;
  /** Stands before /proc, for tests. */
  readonly root: string;
  readonly terminate?: (processId: number) => void;
}

/**
 * Ends the process of a static pod by SIGTERM, and resolves once its kubelet started another: about a
 * second later, where swapping its manifest takes up to two minutes. At once when none runs.
 */
export async function restartStaticPod(
  user: LeafUser,
  { clock, root, terminate = (processId) => kill(processId, 'SIGTERM') }: ProcessDeps,
): Promise<void> {
  const before = await processesOf(user, root);
  if (before.length === 0) return;
  for (const processId of before) endProcess(processId, terminate);
  const deadlineMs = clock.nowMs() + TIMEOUT_MS;
  while (clock.nowMs() < deadlineMs) {
    await clock.sleep(LOOK_MS);
    const present = await processesOf(user, root);
    if (present.some((processId) => !before.includes(processId))) return;
  }
  throw new RetryableError(
    'certificates.not-restarted',
    `${user} was told to end so that it reads its new certificates, and did not run again within two minutes: look into the log of the kubelet.`,
  );
}

export function endProcess(processId: number, terminate: (processId: number) => void): void {
  try {
    terminate(processId);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error; // it ended by itself
  }
}

/** Ids of the processes of a static pod that kubeadm made, and of no other program of that name. */
export async function processesOf(user: LeafUser, root: string): Promise<readonly number[]> {
  const folder = join(root, '/proc');
  const ids = (await readdir(folder)).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const name = await readProc(join(folder, id, 'comm'));
      if (name.trim() !== user.slice(0, NAME_CHARACTERS)) return [];
      const words = (await readProc(join(folder, id, 'cmdline'))).split('\0');
      return words.includes(ARGUMENTS[user]) ? [Number(id)] : [];
    }),
  );
  return found.flat();
}

/** Empty for a process that ended meanwhile. */
async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'ENOTDIR')) return '';
    throw error;
  }
}

import { kill } from 'node:process';
import { RetryableError } from '../errors.ts';
import type { LeafUser } from '../ports/certificates.ts';
import type { Clock } from '../ports/clock.ts';
import { endProcess, processesOf } from './static-pod-process.ts';

/** Each while what it needs is still there; etcd has nobody left to serve by then. */
const ORDER: readonly LeafUser[] = [
  'kube-scheduler',
  'kube-controller-manager',
  'kube-apiserver',
  'etcd',
];
/** One in-cluster client with an open watch holds an API server up: the kubelet kills it after 30 s. */
const KILL_AFTER_MS = 15_000;
const TIMEOUT_MS = 60_000;
const LOOK_MS = 200;

interface EndDeps {
  readonly clock: Clock;
  /** Stands before /proc, for tests. */
  readonly root: string;
  readonly signal?: (processId: number, name: 'SIGTERM' | 'SIGKILL') => void;
}

/**
 * Ends all processes of the control plane on a host whose kubelet does not run. etcd is never killed: it
 * ends within a second or two. RetryableError `host.processes` when one still runs after a minute.
 */
export async function endStaticPods(deps: EndDeps): Promise<void> {
  for (const user of ORDER) await endAll(user, deps);
}

async function endAll(user: LeafUser, { clock, root, signal = kill }: EndDeps): Promise<void> {
  for (const id of await processesOf(user, root)) endProcess(id, (each) => signal(each, 'SIGTERM'));
  const startedMs = clock.nowMs();
  let isKilled = user !== 'kube-apiserver';
  for (;;) {
    const left = await processesOf(user, root);
    if (left.length === 0) return;
    const elapsedMs = clock.nowMs() - startedMs;
    if (elapsedMs >= TIMEOUT_MS) throw stays(user);
    if (!isKilled && elapsedMs >= KILL_AFTER_MS) {
      isKilled = true;
      for (const id of left) endProcess(id, (each) => signal(each, 'SIGKILL'));
    }
    await clock.sleep(LOOK_MS);
  }
}

function stays(user: LeafUser): RetryableError {
  return new RetryableError(
    'host.processes',
    `${user} was told to end and still runs after a minute: see \`journalctl -u containerd\`, and end it by hand.`,
  );
}

import { RetryableError } from '../errors.ts';
import type { RunCommand } from './execa-exec.ts';

const TIMEOUT_MS = 10_000;
/** As the kernel keeps names of programs: 15 characters of each (proc(5), comm). */
const NAMES = 'etcd|kube-apiserver|kube-controller|kube-scheduler';
const NONE = 1;

/** Names of the processes of a control plane that run on this host. */
export async function controlPlaneProcesses(run: RunCommand): Promise<readonly string[]> {
  const args = ['--exact', '--list-name', NAMES];
  const { exitCode, stdout, stderr } = await run('pgrep', args, { timeoutMs: TIMEOUT_MS });
  if (exitCode === NONE) return [];
  if (exitCode !== 0) {
    const message = `\`pgrep\` failed with exit code ${exitCode} (${stderr.trim()}): run it by hand, and cure what it says.`;
    throw new RetryableError('host.processes', message);
  }
  return stdout.split('\n').flatMap((line) => line.split(' ')[1] ?? []);
}

import { runCommand } from './process-command.ts';

/** Where a test may flood the loopback. */
export interface OwnLoopback {
  /** Stands before a command that is to run there. */
  readonly within: readonly string[];
  /** Stands before a command that is to run beside a process that is there. */
  beside(pid: number): readonly string[];
}

const UNSHARED = ['--user', '--map-root-user', '--net', '--'];
const LOOPBACK_UP = ['sh', '-c', 'ip link set lo up && exec "$@"', '--'];

/** Apart from everybody else on this machine; the loopback of all where it does not let a test have that. */
export async function ownLoopback(): Promise<OwnLoopback> {
  const within = [...UNSHARED, ...LOOPBACK_UP];
  const tried = await runCommand(['unshare', ...within, 'true']).catch(() => undefined);
  if (tried?.exitCode !== 0) return { within: [], beside: () => [] };
  return {
    within: ['unshare', ...within],
    beside: (pid) => [
      ...['nsenter', '--target', `${pid}`, '--user', '--net'],
      ...['--preserve-credentials', '--'],
    ],
  };
}

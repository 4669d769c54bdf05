import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { HaproxyProcess } from '../../src/adapters/haproxy-balancer.ts';

/** HAProxy as a child of the test, master and worker as in its unit. */
export function haproxyChild(program: string, configPath: string) {
  let child: ChildProcess | undefined;
  const process: HaproxyProcess = {
    start: async () => {
      if (child?.exitCode === null) return;
      child = spawn(program, ['-W', '-f', configPath], { stdio: 'ignore' });
      await once(child, 'spawn');
    },
    reload: async () => {
      child?.kill('SIGUSR2');
    },
  };
  const stop = async () => {
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { process, stop };
}

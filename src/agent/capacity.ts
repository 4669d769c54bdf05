import { availableParallelism, totalmem } from 'node:os';
import { measureFsyncP99Ms } from '../adapters/disk-latency.ts';
import type { Node } from '../state/node.ts';

const MIB = 1024 * 1024;

/**
 * What this machine is worth as a control plane. Takes as long as its disk does for 40 synced writes,
 * so nobody should wait for it who waits for this agent. Errors are those of `measureFsyncP99Ms`.
 */
export async function measureCapacity(stateDir: string): Promise<Node['capacity']> {
  return {
    cpus: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / MIB),
    fsyncP99Ms: await measureFsyncP99Ms(stateDir),
  };
}

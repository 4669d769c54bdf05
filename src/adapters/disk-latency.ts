import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guardDisk } from './disk-errors.ts';

const WRITES = 40;
/** As etcd's own advice measures its disk: `fio --bs=2300 --fdatasync=1`. */
const BYTES = 2_300;

/**
 * The 99th percentile in milliseconds of a write followed by fdatasync in this folder, of 40
 * writes: what etcd will wait for at each commit. Rejects as `guardDisk` does.
 */
export function measureFsyncP99Ms(folder: string): Promise<number> {
  return guardDisk(folder, () => measure(folder));
}

async function measure(folder: string): Promise<number> {
  const path = join(folder, 'disk-latency.tmp');
  const file = await open(path, 'w', 0o600);
  try {
    const block = Buffer.alloc(BYTES, 1);
    const latencies: number[] = [];
    for (let written = 0; written < WRITES; written += 1) {
      const startMs = performance.now();
      await file.write(block);
      await file.datasync();
      latencies.push(performance.now() - startMs);
    }
    latencies.sort((a, b) => a - b);
    const p99 = latencies[Math.ceil(WRITES * 0.99) - 1] ?? 0;
    return Math.round(p99 * 100) / 100;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

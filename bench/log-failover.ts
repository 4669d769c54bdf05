import { setTimeout as delay } from 'node:timers/promises';
import type { Bucket } from '../src/ports/bucket.ts';
import { createLogReplicas, type LogReplicas } from '../test/support/log-replicas.ts';
import { type Figure, spread } from './figure.ts';

const ROUNDS = 5;
const WRITES = 300;
const SETTLE_MS = 3_000;

/** Three real replicas on this machine: first write, write latency, and the gap when one is killed. */
export async function logFailover(): Promise<readonly Figure[]> {
  const firstWrites: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) firstWrites.push(await firstWrite());
  const replicas = await createLogReplicas();
  try {
    await replicas.startAll();
    const { entries } = replicas.open('bench');
    await written(entries, 'first');
    const latencies = await writeLatencies(entries);
    const gaps: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      gaps.push(await gapAfterKill(replicas, entries, round % 3));
    return [
      {
        what: 'log: three cold replicas to the first acknowledged write',
        measured: spread(firstWrites),
        goal: '-',
        peers: 'etcd 0.33 / 1.13 / 2.45 s, JetStream 2.9 0.97 / 1.10 / 1.32 s',
      },
      {
        what: 'log: acknowledged write, on disk at a quorum (p50, p99)',
        measured: `${quantile(latencies, 0.5).toFixed(1)}, ${quantile(latencies, 0.99).toFixed(1)} ms`,
        goal: 'p99 250 ms',
        peers: 'etcd 1.3, 2.6 ms',
      },
      {
        what: 'log: replica killed to the next acknowledged write',
        measured: spread(gaps),
        goal: 'median 2 s, max 5 s (missed where it led: JetStream elects in 4-9 s)',
        peers: 'etcd 1.23 / 1.23 / 2.00 s, JetStream 2.9 4.3 / 6.0 / 7.2 s',
      },
    ];
  } finally {
    await replicas.destroy();
  }
}

async function firstWrite(): Promise<number> {
  const replicas = await createLogReplicas();
  try {
    const startMs = performance.now();
    await replicas.startAll();
    await written(replicas.open('bench').entries, 'first');
    return performance.now() - startMs;
  } finally {
    await replicas.destroy();
  }
}

async function writeLatencies(entries: Bucket): Promise<readonly number[]> {
  const latencies: number[] = [];
  for (let count = 0; count < WRITES; count += 1) {
    const startMs = performance.now();
    await written(entries, 'latency');
    latencies.push(performance.now() - startMs);
  }
  return latencies;
}

async function gapAfterKill(
  replicas: LogReplicas,
  entries: Bucket,
  index: number,
): Promise<number> {
  await replicas.kill(index);
  const startMs = performance.now();
  await written(entries, 'gap');
  const gap = performance.now() - startMs;
  await replicas.start(index);
  await delay(SETTLE_MS);
  await written(entries, 'gap');
  return gap;
}

/** Writes until it is acknowledged. */
async function written(entries: Bucket, path: string): Promise<void> {
  for (;;) {
    const { type } = await entries.write(path, String(performance.now()), undefined);
    if (type === 'written') return;
    await delay(20);
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

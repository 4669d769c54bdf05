import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '../../errors.ts';
import type { DemoCluster } from './demo-cluster.ts';
import { clusterSeen, type Sightings, timeline } from './timeline.ts';

const LOOK_MS = 100;
const DEADLINE_MS = 120_000;

/**
 * Prints the timeline until the cluster is whole. RetryableError `demo.not-whole` when it is not
 * within two minutes, with what the agents then wait for.
 */
export async function runOnce(cluster: DemoCluster): Promise<void> {
  const startMs = performance.now();
  let sightings: Sightings = new Map();
  while (performance.now() - startMs < DEADLINE_MS) {
    const next = await cluster.look();
    for (const line of timeline(sightings, next)) print(startMs, line);
    sightings = next;
    if (clusterSeen(sightings)?.whole) return;
    await delay(LOOK_MS);
  }
  const summary = (clusterSeen(sightings)?.summary ?? 'no agent answers').replace(/\.$/, '');
  throw new RetryableError('demo.not-whole', `The cluster is not whole after 120 s: ${summary}.`);
}

function print(startMs: number, line: string): void {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

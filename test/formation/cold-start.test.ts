import { describe, expect, test } from '@jest/globals';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createSimCluster, type SimAgent } from './sim-cluster.ts';

const NODES = 50;

/** Starts 50 agents within a second and returns, sorted, when each had met all others after the last start. */
async function meetingTimes(seed: number, discovery: number): Promise<readonly number[]> {
  const cluster = createSimCluster({ seed, expectedNodes: NODES, discovery });
  const random = createSeededRandom(seed + 1);
  const agents: SimAgent[] = [];
  for (let number = 1; number <= NODES; number += 1) {
    agents.push(await cluster.start(number));
    await cluster.clock.advance(random.number() * 20);
  }
  const lastStartMs = cluster.clock.nowMs();
  const metAll = new Map<SimAgent, number>();
  while (metAll.size < NODES) {
    await cluster.clock.advance(20);
    const sinceMs = cluster.clock.nowMs() - lastStartMs;
    if (sinceMs > 60_000) throw new Error('they never all met');
    for (const agent of agents.filter((one) => !metAll.has(one) && hasMetAll(one))) {
      metAll.set(agent, sinceMs);
    }
  }
  await cluster.stop();
  return [...metAll.values()].sort((left, right) => left - right);
}

function hasMetAll({ formation }: SimAgent): boolean {
  return formation.view().peers.length === NODES - 1;
}

describe('fifty nodes', () => {
  test.each([
    { when: 'everybody hears everybody', discovery: 1, seed: 1 },
    { when: 'multicast gets lost often', discovery: 0.2, seed: 2 },
    { when: 'each hears of a few only', discovery: 0.08, seed: 3 },
  ])(
    'have all met within two seconds when $when',
    async ({ discovery, seed }) => {
      const times = await meetingTimes(seed, discovery);
      const median = times[NODES / 2] ?? Number.POSITIVE_INFINITY;
      const last = times.at(-1) ?? Number.POSITIVE_INFINITY;
      expect({ median: median <= 2_000, last: last <= 5_000 }).toEqual({
        median: true,
        last: true,
      });
    },
    60_000,
  );
});

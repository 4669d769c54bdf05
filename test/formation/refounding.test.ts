import { afterEach, describe, expect, test } from '@jest/globals';
import type { Random } from '../../src/ports/random.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createSimCluster, type SimAgent, type SimCluster } from './sim-cluster.ts';

const TICK_MS = 100;
const MINUTE_MS = 60_000;
/** In each part of the search. */
const LIVES = 25;

const clusters: SimCluster[] = [];

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
});

function clusterOf(expectedNodes: number, seed = 1): SimCluster {
  const cluster = createSimCluster({ seed, expectedNodes });
  clusters.push(cluster);
  return cluster;
}

/** Machines that start at once, up to the moment when all hold the record and no log was written. */
async function formed(cluster: SimCluster, count: number): Promise<readonly SimAgent[]> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const start = (number: number) => cluster.start(number, { withReplicas: true });
  const agents = await Promise.all(numbers.map(start));
  await cluster.clock.runUntil(() => agents.every(({ formation }) => formation.record()));
  return agents;
}

function hostsReplica({ formation, address }: SimAgent): boolean {
  return formation.record()?.replicas.some((replica) => replica.address === address) ?? false;
}

/** Lets the logs accept what they can, every 100 ms. */
async function pass(cluster: SimCluster, durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += TICK_MS) {
    cluster.logs.write();
    await cluster.clock.advance(TICK_MS);
  }
}

function again(cluster: SimCluster, { number, durable }: SimAgent): Promise<SimAgent> {
  return cluster.start(number, { durable, withReplicas: true });
}

const epochsOf = (agents: readonly SimAgent[]) =>
  agents.map(({ formation }) => formation.record()?.epoch ?? 0);

describe('a replica host that dies for good before the log came up', () => {
  test.each([3, 5])(
    'leaves the others of %i with a log of epoch 2 on nodes that live',
    async (count) => {
      const cluster = clusterOf(count);
      const agents = await formed(cluster, count);
      const [dead] = agents.filter(hostsReplica);
      await dead?.kill();
      const living = agents.filter((agent) => agent !== dead);

      await pass(cluster, MINUTE_MS - 5_000);
      expect(epochsOf(living)).toEqual(living.map(() => 1));
      await pass(cluster, MINUTE_MS);
      expect(epochsOf(living)).toEqual(living.map(() => 2));
      expect(cluster.logs.writing()).toEqual([2]);
      const [record] = living.map(({ formation }) => formation.record());
      expect(record?.replicas.map(({ address }) => address)).not.toContain(dead?.address);
      expect(living.map(({ formation }) => formation.record())).toEqual(living.map(() => record));

      const back = dead && (await again(cluster, dead));
      await pass(cluster, MINUTE_MS);
      expect(back?.formation.record()).toEqual(record);
      expect(cluster.logs.writing()).toEqual([2]);
      expect(cluster.logs.violations()).toEqual([]);
    },
  );

  test('does not get replicas back that others stopped for good, not even by a power cut', async () => {
    const cluster = clusterOf(3);
    const agents = await formed(cluster, 3);
    const [one, two, three] = agents;
    if (!one || !two || !three) throw new Error('three were started');
    await three.kill();
    await cluster.clock.runUntil(() => one.formation.replicaFate(1) === 'stay-stopped');
    await one.kill();
    await two.kill();
    const back = await again(cluster, one);
    await pass(cluster, MINUTE_MS / 2);
    expect(back.formation.record()?.epoch).toBe(1);
    const runsAt = async ({ address }: SimAgent) =>
      (await cluster.logs.serversAt(address).observe()).map(({ running }) => running);
    expect(await runsAt(back)).toEqual([false]);

    // Nobody else gave the log up for want of a machine, and yet it can not form any more.
    const others = [await again(cluster, two), await again(cluster, three)];
    await pass(cluster, MINUTE_MS);
    expect(epochsOf([back, ...others])).toEqual([2, 2, 2]);
    expect(cluster.logs.writing()).toEqual([2]);
    expect(cluster.logs.violations()).toEqual([]);
  });

  test('is waited for when too few others are left, and status names what is done', async () => {
    const cluster = clusterOf(3);
    const agents = await formed(cluster, 3);
    const [one, two, three] = agents;
    await two?.kill();
    await three?.kill();
    await pass(cluster, 3 * MINUTE_MS);
    expect(one?.formation.view().waiting).toMatchObject({
      reason: 'too-few-nodes',
      message: expect.stringMatching(
        /^The log of epoch 1 never came up, so it is founded anew\. Waiting for 1 more of 3 nodes/,
      ),
    });
    if (two) await again(cluster, two);
    await pass(cluster, 2 * MINUTE_MS);
    expect(cluster.logs.writing()).toEqual([2]);
    expect(cluster.logs.violations()).toEqual([]);
  });
});

describe('a log that came up', () => {
  test('is never re-founded, whoever dies', async () => {
    const cluster = clusterOf(3);
    const agents = await formed(cluster, 3);
    await pass(cluster, 5_000);
    expect(cluster.logs.writing()).toEqual([1]);
    await agents[0]?.kill();
    await pass(cluster, 3 * MINUTE_MS);
    await agents[1]?.kill();
    await pass(cluster, 3 * MINUTE_MS);
    expect(epochsOf(agents)).toEqual([1, 1, 1]);
    expect(agents[2]?.formation.view().waiting).toBeNull();
  });

  test.each([0, 1, 2])(
    'is not even when nobody saw it and replica %i is lost, which alone may have shared a write',
    async (lost) => {
      const cluster = clusterOf(5);
      const agents = await formed(cluster, 5);
      await cluster.clock.advance(1_000);
      cluster.logs.write();
      expect(cluster.logs.writing()).toEqual([1]);
      const gone = agents.filter(hostsReplica)[lost];
      for (const agent of agents) await agent.kill();
      const living = agents.filter((agent) => agent !== gone);
      const back = await Promise.all(living.map((agent) => again(cluster, agent)));
      await pass(cluster, 5 * MINUTE_MS);
      expect(cluster.logs.violations()).toEqual([]);
      expect(epochsOf(back)).toEqual([1, 1, 1, 1]);
    },
  );
});

/** A cluster to which things happen. */
interface Life {
  readonly cluster: SimCluster;
  readonly random: Random;
  readonly machines: Machine[];
}

interface Machine {
  agent: SimAgent;
  isOn: boolean;
}

async function switchOff(machine: Machine | undefined): Promise<void> {
  if (!machine?.isOn) return;
  machine.isOn = false;
  await machine.agent.kill();
}

async function switchOn(cluster: SimCluster, machine: Machine | undefined): Promise<void> {
  if (!machine || machine.isOn) return;
  machine.isOn = true;
  machine.agent = await again(cluster, machine.agent);
}

/** One machine loses power or gets it back, or the network breaks or heals. */
async function misfortune({ cluster, random, machines }: Life): Promise<void> {
  const machine = machines[Math.floor(random.number() * machines.length)];
  const dice = random.number();
  if (dice < 0.25) return switchOff(machine);
  if (dice < 0.75) return switchOn(cluster, machine);
  const addresses = machines.map(({ agent }) => agent.address);
  const apart = [addresses.slice(0, 2), addresses.slice(2)];
  cluster.network.partition(...(dice < 0.85 ? apart : []));
}

/** What went wrong in a life that begins with the loss of a replica's host just after genesis. */
async function troublesOf(seed: number): Promise<readonly string[]> {
  const random = createSeededRandom(seed + 1_000);
  const count = seed % 2 === 0 ? 3 : 5;
  const cluster = clusterOf(count, seed);
  const agents = await formed(cluster, count);
  const machines = agents.map((agent): Machine => ({ agent, isOn: true }));
  if (random.number() < 0.2) await pass(cluster, random.number() * 2_000);
  await switchOff(machines.find(({ agent }) => hostsReplica(agent)));
  // The moments that count are those in which the others give the log up.
  await pass(cluster, MINUTE_MS - 2_000 + random.number() * 8_000);
  for (let round = 0; round < 30; round += 1) {
    await misfortune({ cluster, random, machines });
    await pass(cluster, random.number() * (random.number() < 0.9 ? 1_500 : 2 * MINUTE_MS));
  }
  cluster.network.partition();
  for (const machine of machines) await switchOn(cluster, machine);
  await pass(cluster, 4 * MINUTE_MS);
  const isWriting = cluster.logs.writing().length === 1;
  return [...cluster.logs.violations(), ...(isWriting ? [] : ['no log in the end'])];
}

describe('in any life', () => {
  test.each([0, 1, 2, 3])(
    'no two epochs write and no write is dropped (%i)',
    async (part) => {
      const found: Record<number, readonly string[]> = {};
      for (let seed = part * LIVES + 1; seed <= (part + 1) * LIVES; seed += 1) {
        const troubles = await troublesOf(seed);
        if (troubles.length > 0) found[seed] = troubles;
        for (const cluster of clusters.splice(0)) await cluster.stop();
      }
      expect(found).toEqual({});
    },
    300_000,
  );
});

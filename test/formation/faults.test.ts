import { afterEach, describe, expect, test } from '@jest/globals';
import { RetryableError, TerminalError } from '../../src/errors.ts';
import { hex, nodeIdOf, recordOf } from './builders.ts';
import { createMemoryDurable } from './memory-durable.ts';
import { createSimCluster, type SimAgent, type SimCluster } from './sim-cluster.ts';

const clusters: SimCluster[] = [];

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
});

function clusterOf(expectedNodes: number, seed = 1): SimCluster {
  const cluster = createSimCluster({ seed, expectedNodes });
  clusters.push(cluster);
  return cluster;
}

function startAll(cluster: SimCluster, numbers: readonly number[]): Promise<SimAgent[]> {
  return Promise.all(numbers.map((number) => cluster.start(number)));
}

const holders = (agents: readonly SimAgent[]) =>
  agents.filter(({ formation }) => formation.record()).map(({ number }) => number);

const addressOf = (number: number) => `192.0.2.${number}`;

const refusals = ({ formation }: SimAgent) =>
  formation.view().peers.flatMap(({ refusal }) => refusal ?? []);

describe('formation', () => {
  test.each([1, 2, 3, 5, 9])('founds one cluster of %i nodes that start at once', async (count) => {
    const cluster = clusterOf(count);
    const agents = await startAll(
      cluster,
      Array.from({ length: count }, (_, i) => i + 1),
    );
    await cluster.clock.advance(5_000);
    expect(holders(agents)).toHaveLength(count);
    expect(cluster.clusterIds()).toHaveLength(1);
  });

  test('goes on without those that never start, as long as a quorum is there', async () => {
    const cluster = clusterOf(5);
    const agents = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(6_000);
    expect(holders(agents)).toEqual([1, 2, 3]);
  });

  test('waits for ever without a quorum, and says for whom', async () => {
    const cluster = clusterOf(3);
    const [alone] = await startAll(cluster, [1]);
    await cluster.clock.advance(600_000);
    expect(alone?.formation.view().waiting).toEqual({
      reason: 'too-few-nodes',
      message:
        'Waiting for 1 more of 3 nodes (1 is here, 2 are needed): start civitas on them with the same token.',
      sinceWallMs: 1_000_000,
    });
    await cluster.start(2);
    await cluster.clock.advance(5_000);
    expect(cluster.clusterIds()).toHaveLength(1);
  });

  test('more nodes than expected join the one cluster', async () => {
    const cluster = clusterOf(3);
    const agents = await startAll(cluster, [1, 2, 3, 4, 5, 6, 7]);
    await cluster.clock.advance(15_000);
    expect(holders(agents)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(cluster.clusterIds()).toHaveLength(1);
  });

  test('two equal halves found nothing while they are apart, and one cluster afterwards', async () => {
    const cluster = clusterOf(4);
    cluster.network.partition([1, 2].map(addressOf), [3, 4].map(addressOf));
    const agents = await startAll(cluster, [1, 2, 3, 4]);
    await cluster.clock.advance(60_000);
    expect(holders(agents)).toEqual([]);
    cluster.network.partition();
    await cluster.clock.advance(20_000);
    expect(holders(agents)).toEqual([1, 2, 3, 4]);
    expect(cluster.clusterIds()).toHaveLength(1);
  });

  test('a majority goes on alone, and the others learn of it later', async () => {
    const cluster = clusterOf(5);
    cluster.network.partition([1, 2, 3].map(addressOf), [4, 5].map(addressOf));
    const agents = await startAll(cluster, [1, 2, 3, 4, 5]);
    await cluster.clock.advance(60_000);
    expect(holders(agents)).toEqual([1, 2, 3]);
    cluster.network.partition();
    await cluster.clock.advance(20_000);
    expect(holders(agents)).toEqual([1, 2, 3, 4, 5]);
    expect(cluster.clusterIds()).toHaveLength(1);
  });

  test('killed one after the other at any moment and started again, they still found one cluster', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const cluster = clusterOf(3, seed);
      const agents = await startAll(cluster, [1, 2, 3]);
      for (const agent of agents) {
        await cluster.clock.advance(seed * 17);
        await agent.kill();
        await cluster.clock.advance(seed * 31);
        await cluster.start(agent.number, { durable: agent.durable });
      }
      await cluster.clock.advance(10_000);
      expect(cluster.clusterIds()).toHaveLength(1);
    }
  });

  test('a restarted node has its record at once, alone as it may be', async () => {
    const cluster = clusterOf(3);
    const [first, ...others] = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(5_000);
    const record = first?.formation.record();
    for (const agent of [...others, ...(first ? [first] : [])]) await agent.kill();
    const durable = first?.durable ?? createMemoryDurable();
    const writes = durable.writes.length;
    const again = await cluster.start(1, { durable });
    expect(again.formation.record()).toEqual(record);
    await cluster.clock.advance(60_000);
    expect(durable.writes.slice(writes)).toEqual([]);
  });

  test('who was given the record by other ways votes for no other, not even after a restart', async () => {
    const cluster = clusterOf(3);
    const durable = createMemoryDurable();
    const given = { ...recordOf(7), enrolmentCa: `CA of ${recordOf(7).clusterId}` };
    const agent = await cluster.start(1, { durable });
    await agent.formation.learn(given);
    await agent.kill();
    expect(durable.content('genesis-1')).toMatchObject({ formed: { value: given } });
    const agents = await startAll(cluster, [2, 3]);
    await cluster.start(1, { durable });
    await cluster.clock.advance(10_000);
    expect(holders(agents)).toEqual([2, 3]);
    expect(cluster.clusterIds()).toEqual([given.clusterId]);
  });

  test('a crash between the two writes of a decision is made up for', async () => {
    const cluster = clusterOf(1);
    const durable = createMemoryDurable();
    const agent = await cluster.start(1, { durable });
    await cluster.clock.advance(5_000);
    const record = agent.formation.record();
    await agent.kill();
    await durable.remove('formed');
    const again = await cluster.start(1, { durable });
    expect([again.formation.record(), durable.content('formed')]).toEqual([record, record]);
  });

  test('a wiped node gets the record of the others and founds nothing', async () => {
    const cluster = clusterOf(3);
    const agents = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(5_000);
    for (const agent of agents.slice(1)) await agent.kill();
    const facts = (number: number) => ({ nodeId: nodeIdOf(number + 10) });
    await cluster.start(2, { facts: facts(2) });
    await cluster.start(3, { facts: facts(3) });
    await cluster.clock.advance(10_000);
    expect(cluster.clusterIds()).toEqual([agents[0]?.formation.record()?.clusterId]);
  });

  test('a full disk holds genesis up until there is room', async () => {
    const cluster = clusterOf(1);
    const durable = createMemoryDurable();
    durable.failure = new RetryableError('state.disk-full', 'The disk is full: free some space.');
    const agent = await cluster.start(1, { durable });
    await cluster.clock.advance(60_000);
    expect(holders([agent])).toEqual([]);
    durable.failure = null;
    await cluster.clock.advance(5_000);
    expect(holders([agent])).toEqual([1]);
  });

  test('a disk that fails ends this node, before anybody heard of what it could not write', async () => {
    const cluster = clusterOf(3);
    const durable = createMemoryDurable();
    durable.failure = new TerminalError('state.disk', 'The disk failed.');
    const broken = await cluster.start(1, { durable });
    const agents = await startAll(cluster, [2, 3]);
    await cluster.clock.advance(10_000);
    await expect(broken.formation.formed).rejects.toMatchObject({ code: 'state.disk' });
    expect(holders(agents)).toEqual([2, 3]);
    expect(agents[0]?.formation.record()?.replicas.map(({ nodeId }) => nodeId)).not.toContain(
      undefined,
    );
  });
});

describe('formation refuses', () => {
  test('nodes with another token, which then wait and say why', async () => {
    const cluster = clusterOf(3);
    const [one, two] = await startAll(cluster, [1, 2]);
    const other = await cluster.start(3, { facts: { tokenDigest: hex(1, 64) } });
    await cluster.clock.advance(10_000);
    expect(holders([one, two, other].flatMap((agent) => agent ?? []))).toEqual([1, 2]);
    expect(refusals(one ?? other)).toEqual([
      expect.stringContaining('n3 has a token with the same key'),
    ]);
    expect(other.formation.view().waiting?.message).toMatch(
      /2 nodes refuse this one: .*the very same token/,
    );
  });

  test('a second node of one host name, while the first serves', async () => {
    const cluster = clusterOf(3);
    await startAll(cluster, [1, 2]);
    await cluster.clock.advance(1_000);
    const twin = await cluster.start(3, { facts: { hostname: 'n2' } });
    await cluster.clock.advance(800);
    expect(twin.formation.view().waiting?.message).toContain(
      'The host name n2 is already that of node',
    );
    expect(refusals(twin)).toEqual([expect.stringContaining('The host name n2')]);
  });

  /** Four that wait for more, and a copy of the first one's state directory on a machine of its own. */
  async function withCopy(seed: number) {
    const cluster = clusterOf(9, seed);
    const agents = await startAll(cluster, [1, 2, 3, 4]);
    await cluster.clock.advance(3_000);
    const facts = { nodeId: nodeIdOf(1), machineIdHash: hex(1, 64) };
    const copy = await cluster.start(9, { facts });
    await cluster.clock.advance(5_000);
    return { cluster, agents, copy };
  }

  /** Whom an agent does not count of the others, and whom it counts besides. */
  function wrongAt(
    { number, formation }: SimAgent,
    agents: readonly SimAgent[],
  ): readonly string[] {
    const peers = formation.view().peers.filter(({ refusal }) => refusal === null);
    const counted = peers.map(({ address }) => address);
    const others = agents.map(({ address }) => address).filter((one) => one !== addressOf(number));
    return [
      ...others.filter((one) => !counted.includes(one)).map((one) => `${number} misses ${one}`),
      ...counted.filter((one) => !others.includes(one)).map((one) => `${number} counts ${one}`),
    ];
  }

  /** What is wrong at any second of the time in which a silent node is forgotten, and some more. */
  async function wrong(cluster: SimCluster, agents: readonly SimAgent[]) {
    const found = new Set<string>();
    for (let second = 0; second < 45; second += 1) {
      await cluster.clock.advance(1_000);
      for (const sentence of agents.flatMap((agent) => wrongAt(agent, agents))) found.add(sentence);
    }
    return [...found];
  }

  const seeds = [1, 2, 3];

  test.each(seeds)(
    'a copy of a state directory, and keeps what it was copied from (%i)',
    async (seed) => {
      const { cluster, agents, copy } = await withCopy(seed);
      expect(await wrong(cluster, agents)).toEqual([]);
      const runsTwice = expect.stringContaining(`Node ${nodeIdOf(1)} runs twice, here as n9`);
      for (const { formation } of agents) {
        const { alarms, peers, waiting } = formation.view();
        expect(alarms).toEqual([runsTwice]);
        expect(peers.filter(({ refusal }) => refusal !== null)).toEqual([
          expect.objectContaining({ hostname: 'n9', address: addressOf(9), refusal: runsTwice }),
        ]);
        expect(waiting?.message).toMatch(
          /^Waiting for 1 more of 9 nodes \(4 are here, 5 are needed\)/,
        );
        expect(waiting?.message).not.toContain('refuses this one');
      }
      expect(copy.formation.view().waiting?.message).toContain('3 nodes refuse this one');
    },
    30_000,
  );

  test.each(seeds)(
    'the copy alone also when the others start after it (%i)',
    async (seed) => {
      const { cluster, agents } = await withCopy(seed);
      const [first, ...others] = agents;
      const again = first ? [first] : [];
      for (const { number, durable, kill } of others) {
        await kill();
        again.push(await cluster.start(number, { durable }));
      }
      await cluster.clock.advance(5_000);
      expect(await wrong(cluster, again)).toEqual([]);
    },
    30_000,
  );

  test('nobody of a machine that another node has too once there is a cluster, and both say so', async () => {
    const cluster = clusterOf(2);
    const [one, two] = await startAll(cluster, [1, 2]);
    await cluster.clock.advance(10_000);
    const facts = { hostname: 'n1', machineIdHash: hex(1, 64) };
    const newcomer = await cluster.start(9, { facts });
    await cluster.clock.advance(10_000);
    const double = (number: number, address: number) =>
      `Node ${nodeIdOf(number)} (n1) at ${addressOf(address)} and this node have one host name and machine id: only the one that enrolled first takes part while it lives; give the other machine its own.`;
    expect(newcomer.formation.view().alarms).toEqual([double(1, 1)]);
    expect(one?.formation.view().alarms).toEqual([double(9, 9)]);
    expect(two?.formation.view().alarms).toEqual([]);

    await newcomer.kill();
    await cluster.clock.advance(120_000);
    expect(one?.formation.view().alarms).toEqual([]);
  });

  test('a copy of a state directory also once there is a cluster, and all say so', async () => {
    const cluster = clusterOf(3);
    const agents = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(10_000);
    const facts = { nodeId: nodeIdOf(1), machineIdHash: hex(1, 64) };
    const durable = createMemoryDurable();
    await durable.write('formed', agents[0]?.durable.content('formed'));
    const copy = await cluster.start(9, { facts, durable });
    await cluster.clock.advance(60_000);
    const runsTwice = expect.stringContaining(`Node ${nodeIdOf(1)} runs twice`);
    for (const { formation } of [...agents, copy]) {
      expect(formation.view().alarms).toEqual(expect.arrayContaining([runsTwice]));
    }
  });

  test('a node whose clock is wrong, which then waits and says why', async () => {
    const cluster = clusterOf(3);
    const agents = await startAll(cluster, [1, 2]);
    const early = await cluster.start(3, { clockOffMs: -3_600_000 });
    await cluster.clock.advance(10_000);
    expect(holders([...agents, early])).toEqual([1, 2]);
    expect(early.formation.view().waiting?.message).toContain('3600 s apart: set both by NTP');
  });

  test('to merge two clusters made from one token, and both say so', async () => {
    const cluster = clusterOf(1);
    cluster.network.partition([addressOf(1)], [addressOf(2)]);
    const [one, two] = await startAll(cluster, [1, 2]);
    await cluster.clock.advance(10_000);
    expect(cluster.clusterIds()).toHaveLength(2);
    cluster.network.partition();
    await cluster.clock.advance(60_000);
    expect(cluster.clusterIds()).toHaveLength(2);
    for (const agent of [one, two]) {
      expect(agent?.formation.view().alarms).toEqual(
        expect.arrayContaining([expect.stringContaining('they are never merged')]),
      );
    }
  });

  test('a record that no holder of the join key made', async () => {
    const cluster = clusterOf(3);
    const durable = createMemoryDurable();
    await durable.write('formed', recordOf(7));
    await cluster.start(1, { durable });
    const agent = await cluster.start(2);
    await cluster.clock.advance(10_000);
    expect(agent.formation.record()).toBeNull();
    expect(agent.formation.view().alarms).toEqual([
      expect.stringContaining('CA is not made from our join key'),
    ]);
  });
});

describe('formation remembers', () => {
  test('where it met the others', async () => {
    const cluster = clusterOf(3);
    const [one] = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(5_000);
    expect(one?.durable.content('peers')).toEqual({
      version: 1,
      endpoints: expect.arrayContaining(
        [2, 3].map((number) => ({ address: addressOf(number), port: 7946 })),
      ),
    });
  });

  test('nothing anew when the same nodes come back', async () => {
    const cluster = clusterOf(3);
    const agents = await startAll(cluster, [1, 2, 3]);
    await cluster.clock.advance(5_000);
    for (const agent of agents) await agent.kill();
    const before = agents.map(({ durable }) => durable.writes.length);
    for (const { number, durable } of agents) await cluster.start(number, { durable });
    await cluster.clock.advance(60_000);
    expect(agents.map(({ durable }) => durable.writes.length)).toEqual(before);
    expect(cluster.clusterIds()).toHaveLength(1);
  });
});

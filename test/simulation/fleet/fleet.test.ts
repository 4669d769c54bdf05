import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const ONE_MINUTE_MS = 60_000;
const WEB = {
  kind: 'Deployment',
  name: 'web',
  replicas: 2,
  toleratesControlPlane: true,
} as const;

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(fleet);
  return fleet;
}

/** Whether the trace says that something is broken that must never be. */
function brokenIn({ recorder }: Fleet): readonly string[] {
  const broken = check(recorder.trace()).map(({ invariant }) => invariant);
  return broken.filter((invariant) => invariant.startsWith('S'));
}

/** The cluster that each host held a record of last. */
function clustersOf({ recorder }: Fleet): ReadonlyMap<string, string> {
  const formed = recorder.trace().entries.flatMap((entry) => {
    return entry.type === 'agent.formed' ? [[entry.host, entry.record.clusterId] as const] : [];
  });
  return new Map(formed);
}

describe('a fleet of empty machines', () => {
  test('goes the same way with the same seed, entry by entry', async () => {
    const [first, second] = [await wholeFleet(3, 7), await wholeFleet(3, 7)];
    first.end();
    second.end();
    expect(first.recorder.trace()).toEqual(second.recorder.trace());
  }, 60_000);

  test('elects another leader of its log within a second after the one there was is told to stop', async () => {
    const fleet = await wholeFleet(3, 5);
    const log = fleet.logs.newest();
    const leader = log?.leader() ?? '';
    for (const serverName of log?.replicasOn([leader]) ?? []) log?.setRunning(serverName, false);
    expect(log?.leader()).toBeUndefined();
    await fleet.clock.advance(1_000);
    fleet.end();
    expect(['n1', 'n2', 'n3'].filter((name) => name !== leader)).toContain(log?.leader());
  });

  test('loses what nobody had synced when its power fails', async () => {
    const fleet = await wholeFleet(1, 5);
    fleet.machine('n1').powerOff();
    fleet.end();
    expect(fleet.world.state.journal.at(-1)).toMatchObject({
      event: 'power.cut',
      detail: 'unsynced files lost',
    });
  });

  test('has no leader on the side of a partition that has no quorum of replicas', async () => {
    const fleet = await wholeFleet(3, 4);
    for (const other of ['n2', 'n3']) fleet.world.cut('n1', other);
    await fleet.clock.advance(ONE_MINUTE_MS);
    expect(fleet.machine('n1').term()).toBeUndefined();
    expect(fleet.leader()?.hostname).not.toBe('n1');
    fleet.world.heal();
    await untilWhole(fleet);
    fleet.end();
  });

  test('becomes two clusters with two join keys, and nobody is of both', async () => {
    const fleet = startFleet({
      nodes: 4,
      seed: 3,
      expectedNodes: 2,
      spec: { controlPlanes: 1 },
      keyOf: (number) => (number <= 2 ? 'one' : 'another'),
    });
    await fleet.clock.advance(3 * ONE_MINUTE_MS);
    fleet.end();
    const [one, two, three, four] = ['n1', 'n2', 'n3', 'n4'].map((host) =>
      clustersOf(fleet).get(host),
    );
    expect([one, three]).toEqual([two, four]);
    expect(one).not.toBe(three);
    expect(brokenIn(fleet)).toEqual([]);
  });

  test('tells again of the record that it finds on its disk', async () => {
    const fleet = await wholeFleet(1, 5);
    fleet.machine('n1').kill();
    fleet.machine('n1').start();
    await fleet.clock.advance(1_000);
    fleet.end();
    const { entries } = fleet.recorder.trace();
    const told = entries.filter(({ type }) => type === 'agent.started' || type === 'agent.formed');
    const [written, found] = told.flatMap((entry) => ('record' in entry ? [entry.record] : []));
    expect(told.map(({ type }) => type)).toEqual([
      ...['agent.started', 'agent.formed'],
      ...['agent.started', 'agent.formed'],
    ]);
    expect(found).toEqual(written);
  });

  test('goes on when half of all requests arrive twice', async () => {
    const fleet = startFleet({ nodes: 3, seed: 8 });
    fleet.network.quality.doubled = 0.5;
    await untilWhole(fleet);
    fleet.end();
    expect(brokenIn(fleet)).toEqual([]);
  });

  test('tells which API server serves on which Node', async () => {
    const fleet = await wholeFleet(3, 5);
    fleet.end();
    const lists = fleet.recorder.trace().entries.filter(({ type }) => type === 'kubernetes.nodes');
    expect(lists.at(-1)).toMatchObject({
      nodes: ['n1', 'n2', 'n3'].map((name) => ({ name, apiServerVersion: 'v1.34.4' })),
    });
  });

  test('tells what the budget of a pod allowed when it was evicted', async () => {
    const fleet = await wholeFleet(1, 5);
    const { kube } = fleet.world.hostPorts('n1');
    fleet.world.applyWorkload('n1', WEB);
    fleet.world.applyBudget('n1', {
      namespace: 'default',
      name: 'web',
      selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
      minAvailable: 1,
    });
    await fleet.clock.advance(ONE_MINUTE_MS);
    const pod = (await kube.podsOn('n1')).find(({ name }) => name.startsWith('web'));
    await kube.evict({ namespace: 'default', name: pod?.name ?? '', uid: pod?.uid ?? '' });
    fleet.end();
    const { entries } = fleet.recorder.trace();
    expect(entries.findLast(({ type }) => type === 'pod.evicted')).toMatchObject({
      node: 'n1',
      pod: `default/${pod?.name}`,
      disruptionsAllowed: 1,
    });
  });

  test('overlooks an agent that is paused for five seconds', async () => {
    const fleet = await wholeFleet(3, 6);
    await fleet.clock.advance(ONE_MINUTE_MS);
    for (const machine of fleet.machines) machine.pause();
    await fleet.clock.advance(5_000);
    for (const machine of fleet.machines) machine.resume();
    await fleet.clock.advance(2 * ONE_MINUTE_MS);
    const verdicts = fleet
      .store()
      ?.list('liveness')
      .map(({ value }) => value.verdict);
    fleet.end();
    expect(verdicts).toEqual(['alive', 'alive', 'alive']);
  });
});

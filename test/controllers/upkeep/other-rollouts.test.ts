import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import { id, spec } from '../../support/controllers-entries.ts';
import { NEW, OLD, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const kubeadm = (maxPods: number) => ({
  ...spec().kubeadm,
  kubeletConfiguration: { maxPods },
});

/** Every node knows what it was brought to. */
async function configured(bench: UpkeepBench, except: readonly number[] = []): Promise<void> {
  for (const { key, value } of bench.store.list('upkeep')) {
    const role = value.parts.apiServer === null ? 'worker' : 'control-plane';
    const isKnown = except.every((number) => id(number) !== key);
    const digest = isKnown ? configurationDigest(spec().kubeadm, role) : null;
    await bench.store.set('upkeep', key, { ...value, configurationDigest: digest });
  }
}

/** Leaves that began at 0 and live for that long. */
async function certified(
  bench: UpkeepBench,
  ends: Readonly<Record<number, number>>,
): Promise<void> {
  for (const [number, days] of Object.entries(ends)) {
    const nodeId = id(Number(number));
    const leaf = { name: 'apiserver', notBeforeWallMs: 0, notAfterWallMs: days * DAY_MS };
    const said = { nodeId, incarnation: 1, leaves: [leaf], work: null };
    await bench.store.set('certificates', nodeId, said);
  }
}

const plansOf = ({ store }: UpkeepBench) =>
  store.list('progress').map(({ key, value }) => `${key.replace(/-\d+$/, '-N')} ${value.state}`);

describe('another configuration in the spec', () => {
  test('is taken to node after node, control planes first; who knows nothing is no reason', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 3 });
    await configured(bench, [5]);
    await bench.rest();
    expect(bench.journal).toEqual([]);
    await bench.edit({ kubeadm: kubeadm(50) });
    await bench.rest();
    expect(bench.journal).toEqual(
      ['n1', 'n2', 'n3', 'n4', 'n6'].map((host) => `reconfigure ${host} ${OLD}`),
    );
    expect({ plans: plansOf(bench), breaches: bench.breaches }).toEqual({
      plans: ['reconfigure-N done'],
      breaches: [],
    });
    const firsts = bench.store
      .list('rollout')
      .flatMap(({ value }) => value.steps.map(({ first }) => first));
    expect(firsts).toEqual([true, false, false, false, false]);
  });

  test('is none for a node that tells what it was brought to in the role that it had a moment ago', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    const { kubeadm } = spec();
    const kept = { ...kubeadm, clusterConfiguration: { clusterName: 'harbour' } };
    for (const { key, value } of bench.store.list('upkeep')) {
      const formerRole = value.parts.apiServer === null ? 'control-plane' : 'worker';
      const digest = configurationDigest(kept, formerRole);
      await bench.store.set('upkeep', key, { ...value, configurationDigest: digest });
    }
    await bench.edit({ kubeadm: kept });
    await bench.rest();
    expect({ plans: plansOf(bench), journal: bench.journal }).toEqual({ plans: [], journal: [] });
  });

  test('and another release go one after the other', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    await configured(bench);
    await bench.edit({ kubernetesVersion: NEW, kubeadm: kubeadm(50) });
    await bench.rest();
    expect(bench.journal.map((line) => line.split(' ')[0])).toEqual([
      'prepare',
      'prepare',
      'upgrade-control-plane',
      'upgrade-kubelet',
      'upgrade-kubelet',
      'reconfigure',
      'reconfigure',
    ]);
  });

  test('changed once more ends the rollout and begins the next', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 2 });
    await configured(bench);
    await bench.edit({ kubeadm: kubeadm(50) });
    await bench.until(() => bench.journal.length === 1);
    await bench.edit({ kubeadm: kubeadm(60) });
    await bench.rest();
    expect(plansOf(bench)).toEqual(['reconfigure-N cancelled', 'reconfigure-N done']);
    expect(bench.breaches).toEqual([]);
  });

  test('is not asked for twice of a node that says it took it, and tells of another one', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 0 });
    await configured(bench);
    await bench.edit({ kubeadm: kubeadm(50) });
    await bench.rest();
    const upkeep = bench.store.get('upkeep', id(1))?.value;
    if (upkeep) await bench.store.set('upkeep', id(1), { ...upkeep, configurationDigest: 'other' });
    await bench.rest();
    expect({ begun: bench.journal.length, told: bench.told().at(-1) }).toEqual({
      begun: 1,
      told: 'waits for failed-before',
    });
  });
});

describe('certificates', () => {
  test('are renewed by no clock that the others contradict', async () => {
    const trouble = 'the clock of this host differs';
    const bench = await upkeepBench({
      controlPlanes: 3,
      workers: 0,
      altered: (upkeep) => ({
        ...upkeep,
        observe: async (ports) => ({ ...(await upkeep.observe(ports)), clockTrouble: trouble }),
      }),
    });
    await certified(bench, { 1: 300, 2: 300, 3: 300 });
    await bench.wallClock(201 * DAY_MS);
    await bench.rest();
    expect([bench.journal, bench.told()]).toEqual([[], ['waits for clock']]);
  });

  test('past two thirds of their life are renewed one node at a time, control planes first', async () => {
    const bench = await upkeepBench({
      controlPlanes: 3,
      workers: 3,
      spec: { upgrade: { ...spec().upgrade, maxUnavailable: 3 } },
    });
    await certified(bench, { 1: 300, 2: 365, 3: 365, 4: 365, 5: 300, 6: 300 });
    await bench.rest();
    expect(bench.journal).toEqual([]);
    await bench.wallClock(201 * DAY_MS);
    let most = 0;
    await bench.until(() => {
      most = Math.max(most, bench.store.list('order').length);
      return plansOf(bench).includes('renew-N done');
    });
    await bench.rest();
    expect(bench.journal).toEqual(
      ['n1', 'n5', 'n6'].map((host) => `renew-certificates ${host} ${OLD}`),
    );
    expect({ most, plans: plansOf(bench) }).toEqual({ most: 1, plans: ['renew-N done'] });
  });

  test.each([
    {
      when: 'all are due',
      told: [
        [1, 300, 0],
        [2, 300, 0],
        [3, 300, 0],
      ],
      renewed: ['n1', 'n2', 'n3'],
    },
    {
      when: 'others are due some days later',
      told: [
        [1, 300, 0],
        [2, 307, 0],
        [3, 305, 0],
      ],
      renewed: ['n1', 'n2', 'n3'],
    },
    {
      when: 'one is due weeks later, which goes without',
      told: [
        [1, 300, 0],
        [2, 330, 0],
        [3, 305, 0],
      ],
      renewed: ['n1', 'n3'],
    },
    {
      when: 'none is due, though all are soon',
      told: [
        [1, 305, 0],
        [2, 307, 0],
      ],
      renewed: [],
    },
    {
      when: 'others tell of it only half a minute later',
      told: [
        [1, 300, 0],
        [2, 300, 10],
        [3, 300, 40],
      ],
      renewed: ['n1', 'n2', 'n3'],
    },
    {
      when: 'another one tells of it late, and the first ends in a few minutes',
      told: [
        [1, 201.005, 0],
        [2, 300, 10],
      ],
      renewed: ['n1'],
    },
  ])('are renewed by one plan where $when', async ({ told, renewed }) => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 0 });
    await bench.wallClock(201 * DAY_MS);
    for (let second = 0; second <= 40; second += 1) {
      for (const [number = 0, days = 0, at] of told) {
        if (at === second) await certified(bench, { [number]: days });
      }
      await bench.step();
    }
    await bench.rest();
    const first = bench.store.list('rollout').at(0)?.value.steps ?? [];
    expect(first.map(({ hostname }) => hostname)).toEqual(renewed);
  });

  test.each([
    { why: 'the policy is to tell only', certificates: { policy: 'report' as const } },
    { why: 'they are young', days: 400 },
    { why: 'the kubelet renews them itself', name: 'kubelet' },
  ])('are left alone where $why', async ({ certificates, days = 300, name = 'apiserver' }) => {
    const bench = await upkeepBench({
      controlPlanes: 1,
      workers: 0,
      ...(certificates && { spec: { certificates } }),
    });
    await certified(bench, { 1: days });
    const said = bench.store.get('certificates', id(1))?.value;
    const leaves = said?.leaves.map((leaf) => ({ ...leaf, name })) ?? [];
    if (said) await bench.store.set('certificates', id(1), { ...said, leaves });
    await bench.wallClock(201 * DAY_MS);
    await bench.rest();
    expect({ writes: bench.writes(), told: bench.told() }).toEqual({ writes: 0, told: [] });
  });

  test('that a renewal left as they were are not renewed over and over', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 0 });
    bench.faults.keepsLeaves = true;
    await certified(bench, { 1: 300 });
    await bench.wallClock(201 * DAY_MS);
    await bench.rest();
    expect(bench.journal).toHaveLength(1);
  });

  test('are as old after an upgrade as before it', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 0 });
    await certified(bench, { 1: 300 });
    await bench.wallClock(190 * DAY_MS);
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    await bench.wallClock(201 * DAY_MS);
    await bench.rest();
    expect(bench.journal.at(-1)).toBe(`renew-certificates n1 ${NEW}`);
  });

  const NIGHTS = { policy: 'window', window: { start: '02:00', lengthMinutes: 60 } } as const;
  const ASKED = { policy: 'approve' } as const;

  interface Wanted {
    readonly when: string;
    readonly certificates: ClusterSpec['certificates'];
    readonly hours: number;
    readonly clockTrouble?: string;
    readonly plans: readonly string[];
  }

  test.each<Wanted>([
    { when: 'it is night', certificates: NIGHTS, hours: 201 * 24 + 2, plans: ['renew-N done'] },
    { when: 'it is day', certificates: NIGHTS, hours: 201 * 24 + 3, plans: [] },
    {
      when: 'it is day, and the end is near',
      certificates: NIGHTS,
      hours: 270 * 24 + 3,
      plans: ['renew-N done'],
    },
    { when: 'nobody approved', certificates: ASKED, hours: 201 * 24, plans: ['renew-N waiting'] },
    {
      when: 'nobody approved, and the end is near',
      certificates: ASKED,
      hours: 270 * 24,
      plans: ['renew-N done'],
    },
    {
      when: 'it is day, and the end is near by a clock that others contradict',
      certificates: NIGHTS,
      hours: 270 * 24 + 3,
      clockTrouble: 'the clock of this host differs',
      plans: [],
    },
  ])(
    'wait for what people want while there is time: $when',
    async ({ certificates, hours, clockTrouble, plans }) => {
      const bench = await upkeepBench({
        controlPlanes: 1,
        workers: 1,
        spec: { certificates },
        altered: (upkeep) => ({
          ...upkeep,
          observe: async (ports) => ({
            ...(await upkeep.observe(ports)),
            ...(clockTrouble !== undefined && { clockTrouble }),
          }),
        }),
      });
      await certified(bench, { 1: 300, 2: 300 });
      await bench.wallClock(hours * HOUR_MS);
      await bench.rest();
      expect([plansOf(bench), bench.journal.length]).toEqual([
        plans,
        plans.includes('renew-N done') ? 2 : 0,
      ]);
    },
  );

  test('are renewed once people approve, and meanwhile keep nobody from an upgrade', async () => {
    const bench = await upkeepBench({
      controlPlanes: 1,
      workers: 0,
      spec: { certificates: ASKED },
    });
    await certified(bench, { 1: 300 });
    await bench.wallClock(201 * DAY_MS);
    await bench.rest();
    const planId = bench.store.list('rollout')[0]?.key ?? '';
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    expect(plansOf(bench)).toEqual(['renew-N waiting', 'upgrade-v1-34-4-N done']);
    await bench.store.set('approval', planId, { planId, approvedWallMs: 0 });
    await bench.rest();
    expect(plansOf(bench)).toEqual(['renew-N done', 'upgrade-v1-34-4-N done']);
    expect({ last: bench.journal.at(-1), breaches: bench.breaches }).toEqual({
      last: `renew-certificates n1 ${OLD}`,
      breaches: [],
    });
  });

  test('are left for the next night where the night is over, and nobody is in the middle then', async () => {
    const bench = await upkeepBench({
      controlPlanes: 1,
      workers: 2,
      spec: { certificates: NIGHTS },
    });
    await certified(bench, { 1: 300, 2: 300, 3: 300 });
    await bench.wallClock(201 * DAY_MS + 2 * HOUR_MS);
    await bench.until(() => bench.journal.length === 1);
    await bench.wallClock(201 * DAY_MS + 4 * HOUR_MS);
    await bench.rest();
    expect([bench.journal.length, plansOf(bench)]).toEqual([1, ['renew-N waiting']]);
    expect(bench.store.list('order')).toEqual([]);
    await bench.wallClock(202 * DAY_MS + 2 * HOUR_MS);
    await bench.rest();
    expect([bench.journal.length, plansOf(bench)]).toEqual([3, ['renew-N done']]);
  });

  test('do not wait for an upgrade that people paused', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.journal.includes(`upgrade-control-plane n1 ${NEW}`));
    await bench.say('pause');
    await bench.rest();
    await certified(bench, { 2: 300 });
    await bench.wallClock(201 * DAY_MS);
    await bench.until(() => plansOf(bench).includes('renew-N done'));
    await bench.rest();
    expect(plansOf(bench)).toEqual(['renew-N done', 'upgrade-v1-34-4-N paused']);
  });
});

test('the ten rollouts that ended last are kept, with their progress', async () => {
  const bench = await upkeepBench({ controlPlanes: 1, workers: 0 });
  await configured(bench);
  for (let count = 0; count < 13; count += 1) {
    await bench.edit({ kubeadm: kubeadm(50 + count) });
    await bench.rest();
  }
  expect(bench.journal).toHaveLength(13);
  expect(bench.store.list('rollout')).toHaveLength(10);
  expect(bench.store.list('progress').map(({ key }) => key)).toEqual(
    bench.store.list('rollout').map(({ key }) => key),
  );
  const ids = bench.store
    .list('progress')
    .flatMap(({ value }) => value.steps.map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(10);
});

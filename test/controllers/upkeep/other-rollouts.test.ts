import { describe, expect, test } from '@jest/globals';
import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import { id, spec } from '../../support/controllers-entries.ts';
import { NEW, OLD, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

const DAY_MS = 86_400_000;
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

  test('do not wait for an upgrade that people paused', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.journal.includes(`upgrade-control-plane n1 ${NEW}`));
    await bench.say('pause');
    await bench.rest();
    await certified(bench, { 2: 300 });
    await bench.wallClock(201 * DAY_MS);
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

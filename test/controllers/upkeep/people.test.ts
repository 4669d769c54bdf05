import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../src/state/kinds.ts';
import { spec } from '../../support/controllers-entries.ts';
import { NEW, OLD, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

const upgradesIn = ({ journal }: Pick<UpkeepBench, 'journal'>) =>
  journal.filter((line) => line.startsWith('upgrade'));
const progressOf = ({ store }: UpkeepBench) =>
  store.list('progress').map(({ value }) => `${value.state}: ${value.waiting?.message ?? ''}`);
const eventsOf = ({ store }: UpkeepBench) => store.list('event').map(({ value }) => value.action);

/** Its first control plane is in the middle of its upgrade. */
async function inTheMiddle(): Promise<UpkeepBench> {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
  await bench.edit({ kubernetesVersion: NEW });
  await bench.until(() => upgradesIn(bench).length === 1);
  return bench;
}

const FIRST = [`upgrade-control-plane n1 ${NEW}`];
const ALL = [
  ...['n1', 'n2', 'n3'].map((host) => `upgrade-control-plane ${host} ${NEW}`),
  ...['n1', 'n2', 'n3', 'n4'].map((host) => `upgrade-kubelet ${host} ${NEW}`),
];

describe('people', () => {
  test('pause it: what a node is in the middle of is ended, and nothing begins before they resume', async () => {
    const bench = await inTheMiddle();
    await bench.say('pause');
    await bench.rest();
    expect({ upgrades: upgradesIn(bench), orders: bench.store.list('order') }).toEqual({
      upgrades: FIRST,
      orders: [],
    });
    expect(bench.store.get('release', 'current')?.value.heldBy).toMatch(/^upgrade-/);
    await bench.say('resume');
    await bench.rest();
    expect({ upgrades: upgradesIn(bench), told: bench.told().length }).toEqual({
      upgrades: ALL,
      told: 1,
    });
    expect(eventsOf(bench)).toEqual(expect.arrayContaining(['pause-rollout', 'resume-rollout']));
  });

  test('cancel it: joins are free again, and it is not planned anew before they edit the spec', async () => {
    const bench = await inTheMiddle();
    await bench.say('cancel');
    await bench.rest();
    expect({ upgrades: upgradesIn(bench), orders: bench.store.list('order') }).toEqual({
      upgrades: FIRST,
      orders: [],
    });
    expect(progressOf(bench)).toEqual(['cancelled: people cancelled it']);
    expect(bench.told().at(-1)).toBe('waits for cancelled');
    expect(bench.store.get('release', 'current')?.value).toMatchObject({
      controlPlane: NEW,
      kubelet: OLD,
      heldBy: null,
    });
    await bench.newLeader();
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(FIRST);

    await bench.edit({ size: 9 });
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(ALL);
    expect(bench.breaches).toEqual([]);
  });

  test('cancel it while it prepares: nobody waits for downloads', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 2 });
    bench.faults.silent.add('n3');
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.journal.length === 2);
    await bench.say('cancel');
    await bench.rest();
    expect(progressOf(bench)).toEqual(['cancelled: people cancelled it']);
    expect(bench.store.list('order')).toEqual([]);
  });

  test('want another release meanwhile: the plan ends at the next safe point, and what runs is the start of the next', async () => {
    const bench = await inTheMiddle();
    await bench.edit({ kubernetesVersion: 'v1.35.1' });
    await bench.rest();
    expect(progressOf(bench)).toEqual([
      `cancelled: the spec wants v1.35.1 instead of ${NEW}`,
      'done: ',
    ]);
    const next = bench.store.list('rollout').at(-1)?.value;
    expect(next?.releases).toEqual([OLD, 'v1.35.1']);
    expect(upgradesIn(bench)).toEqual([
      ...FIRST,
      ...ALL.map((line) => line.replace(NEW, 'v1.35.1')),
    ]);
    expect(bench.breaches).toEqual([]);
  });

  test('change something else meanwhile, and it goes on as it was planned', async () => {
    const bench = await inTheMiddle();
    await bench.edit({ size: 9, zones: ['a'] });
    await bench.rest();
    expect(bench.store.list('rollout')).toHaveLength(1);
    expect(upgradesIn(bench)).toEqual(ALL);
  });

  test('pause by the spec, and go on by it', async () => {
    const bench = await inTheMiddle();
    await bench.edit({ upgrade: { ...spec().upgrade, paused: true } });
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(FIRST);
    await bench.edit({ upgrade: { ...spec().upgrade, paused: false } });
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(ALL);
  });

  test('are asked first where they want to be, and what they approve is what they saw', async () => {
    const upgrade = { ...spec().upgrade, policy: 'approve' as const };
    const bench = await upkeepBench({ controlPlanes: 1, workers: 0, spec: { upgrade } });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    const [planned] = bench.store.list('rollout');
    const planId = planned?.key ?? '';
    expect(progressOf(bench)).toEqual([`waiting: \`civitas approve ${planId}\``]);
    await bench.store.set('approval', planId, { planId, approvedWallMs: 0 });
    await bench.rest();
    expect(bench.store.list('rollout')).toEqual([planned]);
    expect(progressOf(bench)).toEqual(['done: ']);
  });
});

describe('a node that fails', () => {
  test('pauses all, is tried again under another name once people say so, and only then', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
    bench.faults.failing.add('upgrade-control-plane n2');
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    const failed = ALL.slice(0, 2);
    const [{ key: planId } = { key: '' }] = bench.store.list('rollout');
    expect(upgradesIn(bench)).toEqual(failed);
    expect(progressOf(bench)).toEqual([
      `paused: n2 failed to upgrade control plane: it broke: put it right, then \`civitas resume ${planId}\` tries again, or \`civitas cancel ${planId}\` ends it`,
    ]);
    await bench.newLeader();
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(failed);

    await bench.say('resume');
    await bench.rest();
    expect(upgradesIn(bench)).toEqual([...failed, ...ALL.slice(1)]);
    expect(triesOf(bench, 'upgrade-control-plane', 'n2')).toEqual(['failed', 'done']);
    expect(eventsOf(bench)).toContain('fail-rollout');
  });

  test('has the cause kept with its step and in the history, though people cancel it meanwhile', async () => {
    const bench = await inTheMiddle();
    bench.faults.failing.add('upgrade-control-plane n1');
    await bench.say('cancel');
    await bench.rest();
    const [{ value: progress } = { value: undefined }] = bench.store.list('progress');
    expect(progress?.steps.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { why: 'it broke' },
    ]);
    const summaries = bench.store.list('event').map(({ value }) => value.summary);
    expect(summaries).toContainEqual(
      expect.stringContaining('n1 failed to upgrade control plane: it broke'),
    );
  });

  test('and each end of a step that goes on is told once', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    const told = bench.store.list('event').filter(({ value }) => value.action === 'end-step');
    expect(told.map(({ value }) => value.summary.replace(/^[^:]+: /, ''))).toEqual([
      `prepare (${NEW}) is done: n1, n2`,
      `survey (${NEW}) is done: n1`,
      `upgrade-control-plane (${NEW}) is done: n1`,
      `upgrade-kubelet (${NEW}) is done: n1`,
    ]);
  });

  test('is not tried again by a word that is older than the failure', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 0 });
    bench.faults.failing.add('upgrade-control-plane n1');
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.store.list('rollout').length === 1);
    await bench.say('resume');
    await bench.rest();
    expect(upgradesIn(bench)).toEqual(FIRST);
  });

  test('lets others end what they began beside it', async () => {
    const upgrade = { ...spec().upgrade, maxUnavailable: 3 };
    const bench = await upkeepBench({ controlPlanes: 1, workers: 5, spec: { upgrade } });
    bench.faults.failing.add('upgrade-kubelet n4');
    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    const kubelets = upgradesIn(bench).filter((line) => line.startsWith('upgrade-kubelet'));
    expect(kubelets.map((line) => line.split(' ')[1])).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(bench.store.list('order')).toEqual([]);
    expect(triesOf(bench, 'upgrade-kubelet', 'n5')).toEqual(['done']);
    expect(bench.store.list('drain').map(({ value }) => value.state)).toEqual(
      Array.from({ length: 4 }, () => 'released'),
    );
  });
});

/** What became of a node's step, try by try. */
function triesOf({ store }: UpkeepBench, task: string, hostname: string) {
  const [rollout] = store.list('rollout') as readonly Entry<'rollout'>[];
  const index = rollout?.value.steps.findIndex(
    (step) => step.task === task && step.hostname === hostname,
  );
  const progress = store.get('progress', rollout?.key ?? '')?.value;
  return progress?.steps.filter((each) => each.index === index).map(({ outcome }) => outcome);
}

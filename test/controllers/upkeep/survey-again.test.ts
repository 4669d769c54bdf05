import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../src/controllers/upkeep/observed.ts';
import { id } from '../../support/controllers-entries.ts';
import {
  type BenchOptions,
  NEW,
  OLD,
  type UpkeepBench,
  upkeepBench,
  upkeepOf,
} from './upkeep-bench.ts';

const HOUR_MS = 3_600_000;
const BEFORE = ['survey n1', 'upgrade-control-plane n1'];
const AFTER = ['upgrade-control-plane n2', 'upgrade-control-plane n3'];
const KUBELETS = ['n1', 'n2', 'n3', 'n4'].map((host) => `upgrade-kubelet ${host}`);

/** What was ordered of the only rollout, in that order of time. */
function ordered({ store }: UpkeepBench): readonly string[] {
  const [rollout] = store.list('rollout');
  const tries = store.get('progress', rollout?.key ?? '')?.value.steps ?? [];
  return tries.flatMap(({ index }) => {
    const step = rollout?.value.steps[index];
    return !step || step.task === 'prepare' ? [] : `${step.task} ${step.hostname}`;
  });
}

/** Its first control plane is upgraded, and people paused it then. */
async function paused(altered?: BenchOptions['altered']): Promise<UpkeepBench> {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 1, ...(altered && { altered }) });
  await bench.edit({ kubernetesVersion: NEW });
  await bench.until(() => bench.journal.includes(`upgrade-control-plane n1 ${NEW}`));
  await bench.say('pause');
  await bench.rest();
  return bench;
}

async function hoursLater(bench: UpkeepBench): Promise<void> {
  await bench.wallClock(24 * HOUR_MS);
}

/** A leader that takes whatever was found for a moment old. */
function trusting({ wallMs, ...observed }: Observed): Observed {
  return {
    ...observed,
    wallMs,
    holds: observed.holds.filter(({ value }) => value.word !== 'resume'),
    progresses: observed.progresses.map((entry) => {
      const steps = entry.value.steps.map((each) =>
        each.outcome === 'done' ? { ...each, endedWallMs: wallMs } : each,
      );
      return { ...entry, value: { ...entry.value, steps } };
    }),
  };
}

describe('an upgrade that goes on after a pause', () => {
  test.each([
    ['of a moment', async () => {}],
    ['of hours', hoursLater],
  ])('%s is surveyed again before the next node', async (_, pass) => {
    const bench = await paused();
    await pass(bench);
    await bench.say('resume');
    await bench.rest();
    expect(ordered(bench)).toEqual([...BEFORE, 'survey n1', ...AFTER, ...KUBELETS]);
  });

  test('by the window, the spec or an approval as well, when that was long', async () => {
    const bench = await paused();
    const planId = bench.store.list('rollout')[0]?.key ?? '';
    await hoursLater(bench);
    await bench.store.remove('hold', planId);
    await bench.rest();
    expect(ordered(bench)).toEqual([...BEFORE, 'survey n1', ...AFTER, ...KUBELETS]);
  });

  test('does not go on when that finds something by now', async () => {
    const bench = await paused();
    bench.faults.surveyFails = true;
    await bench.say('resume');
    await bench.rest();
    expect(bench.told()).toContain('waits for survey-passed');
    expect(ordered(bench)).toEqual([...BEFORE, 'survey n1']);
  });

  test('and a leader that trusts in what was found before is found out', async () => {
    const bench = await paused((upkeep) => ({
      ...upkeep,
      decide: (observed) => upkeep.decide(trusting(observed)),
    }));
    bench.faults.surveyFails = true;
    await hoursLater(bench);
    await bench.say('resume');
    await bench.until(() => bench.journal.includes(`upgrade-control-plane n2 ${NEW}`));
  });

  test('is planned anew when the one that surveyed is gone', async () => {
    const bench = await paused();
    await bench.judge(1, 'dead');
    await bench.say('resume');
    for (let count = 0; count < 90; count += 1) await bench.step();
    expect(bench.store.list('progress')[0]?.value).toMatchObject({
      state: 'cancelled',
      waiting: { message: 'n1, which was to go first, is gone' },
    });
  });
});

test('an upgrade that goes through in minutes is surveyed once', async () => {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
  await bench.edit({ kubernetesVersion: NEW });
  await bench.rest();
  expect(ordered(bench)).toEqual([...BEFORE, ...AFTER, ...KUBELETS]);
});

test('a node that was left in the middle is mended before it is surveyed again', async () => {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
  bench.faults.failing.add('upgrade-control-plane n2');
  await bench.edit({ kubernetesVersion: NEW });
  await bench.rest();
  await bench.say('resume');
  await bench.rest();
  const [second = '', third = ''] = AFTER;
  expect(ordered(bench)).toEqual([...BEFORE, second, second, 'survey n1', third, ...KUBELETS]);
});

test('a step that was noted and never ordered waits for the survey of the next leader', async () => {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
  bench.faults.silent.add('n2');
  await bench.store.set('upkeep', id(2), { ...upkeepOf(2, true, OLD), prepared: [NEW] });
  await bench.edit({ kubernetesVersion: NEW });
  await bench.until(() => ordered(bench).includes('upgrade-control-plane n2'));
  const progress = bench.store.list('progress')[0];
  const noted = progress?.value.steps.at(-1);
  await bench.store.remove('order', id(2));
  bench.faults.silent.clear();
  await hoursLater(bench);
  await bench.newLeader();
  await bench.rest();
  expect(noted?.outcome).toBeNull();
  expect(ordered(bench)).toEqual([...BEFORE, AFTER[0], 'survey n1', AFTER[1], ...KUBELETS]);
  expect(bench.breaches).toEqual([]);
});

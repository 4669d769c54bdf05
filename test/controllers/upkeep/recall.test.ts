import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/controllers/upkeep/action.ts';
import { spec } from '../../support/controllers-entries.ts';
import { type BenchOptions, NEW, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

const isRecall = (action: { readonly type: string }) =>
  action.type === 'order' && (action as Extract<Action, { type: 'order' }>).order.recalled;

/** The worker n4 is to give its pods away, and no budget lets them go. */
async function blocked(altered?: BenchOptions['altered']): Promise<UpkeepBench> {
  const bench = await upkeepBench({ controlPlanes: 3, workers: 2, ...(altered && { altered }) });
  bench.faults.blocked.add('n4');
  await bench.edit({ kubernetesVersion: NEW });
  await bench.until(() => drainOf(bench, 'upgrade-kubelet')?.state === 'draining');
  return bench;
}

function drainOf({ store }: UpkeepBench, task: string) {
  const [newest] = store
    .list('drain')
    .filter(({ value }) => value.operationId.startsWith(task))
    .toSorted((left, right) => right.revision - left.revision);
  return newest?.value;
}

const stand = ({ store }: UpkeepBench) => ({
  orders: store.list('order').map(({ value }) => value.operationId),
  states: store.list('progress').map(({ value }) => value.state),
  cordoned: store.list('drain').filter(({ value }) => value.state !== 'released').length,
});

const startedOn = ({ journal }: UpkeepBench, host: string) =>
  journal.filter((line) => line === `upgrade-kubelet ${host} ${NEW}`).length;

describe('a node that waits for its pods to go', () => {
  test.each(['cancelled', 'paused'] as const)(
    'is let off when people have it %s',
    async (state) => {
      const bench = await blocked();
      await bench.say(state === 'paused' ? 'pause' : 'cancel');
      await bench.rest();
      expect(stand(bench)).toEqual({ orders: [], states: [state], cordoned: 0 });
      expect(startedOn(bench, 'n4')).toBe(0);
      expect(bench.breaches).toEqual([]);
    },
  );

  test('is let off when the spec wants another release, or a pause', async () => {
    const bench = await blocked();
    await bench.edit({ upgrade: { ...spec().upgrade, paused: true } });
    await bench.rest();
    expect(stand(bench)).toEqual({ orders: [], states: ['paused'], cordoned: 0 });
    await bench.edit({ upgrade: spec().upgrade });
    await bench.until(() => drainOf(bench, 'upgrade-kubelet')?.state === 'draining');
    await bench.edit({ kubernetesVersion: 'v1.34.5' });
    await bench.until(() => stand(bench).states[0] === 'cancelled');
    expect(bench.breaches).toEqual([]);
  });

  test('is asked for anew, by another name, once people say to go on', async () => {
    const bench = await blocked();
    const first = drainOf(bench, 'upgrade-kubelet')?.operationId;
    await bench.say('pause');
    await bench.rest();
    bench.faults.blocked.clear();
    await bench.say('resume');
    await bench.rest();
    expect(stand(bench)).toEqual({ orders: [], states: ['done'], cordoned: 0 });
    expect(drainOf(bench, 'upgrade-kubelet')?.operationId).not.toBe(first);
    expect(startedOn(bench, 'n4')).toBe(1);
    expect(bench.breaches).toEqual([]);
  });

  test('is named as what it waits for', async () => {
    const bench = await blocked();
    bench.faults.silent.add('n4');
    await bench.say('cancel');
    await bench.rest();
    const [progress] = bench.store.list('progress');
    expect(progress?.value).toMatchObject({
      state: 'running',
      waiting: {
        message:
          'people cancelled it: it ends once n4, which was not touched yet, takes pods again',
      },
    });
    expect(bench.store.list('order').map(({ value }) => value.recalled)).toEqual([true]);
  });

  test('stays cordoned for ever by a leader that asks for nothing back', async () => {
    const bench = await blocked((upkeep) => ({
      ...upkeep,
      decide: (observed) => upkeep.decide(observed).filter((each) => !isRecall(each)),
    }));
    await bench.say('cancel');
    await bench.rest();
    expect(stand(bench)).toMatchObject({ states: ['running'], cordoned: 1 });
  });

  test('is let off by whoever leads after the one that asked for it back', async () => {
    const bench = await blocked();
    bench.faults.silent.add('n4');
    await bench.say('cancel');
    await bench.rest();
    await bench.newLeader();
    bench.faults.silent.clear();
    await bench.rest();
    expect(stand(bench)).toEqual({ orders: [], states: ['cancelled'], cordoned: 0 });
  });
});

test('a leader that dies between any two writes of a cancellation leaves the rest to the next one', async () => {
  const run = async (after: number) => {
    const bench = await blocked();
    await bench.say('cancel');
    const before = bench.writes();
    bench.killAfter(after);
    await bench.rest();
    return { writes: bench.writes() - before, stand: stand(bench), breaches: bench.breaches };
  };
  const { writes, ...undisturbed } = await run(Number.POSITIVE_INFINITY);
  expect(undisturbed.stand).toEqual({ orders: [], states: ['cancelled'], cordoned: 0 });
  for (let after = 0; after < writes; after += 1) {
    const { writes: _, ...outcome } = await run(after);
    expect({ after, ...outcome }).toEqual({ after, ...undisturbed });
  }
});

test('a node that was drained in time is ended, though people cancelled before it began', async () => {
  const bench = await blocked();
  bench.faults.blocked.clear();
  await bench.until(() => drainOf(bench, 'upgrade-kubelet')?.state === 'drained');
  await bench.say('cancel');
  await bench.rest();
  expect(stand(bench)).toEqual({ orders: [], states: ['cancelled'], cordoned: 0 });
  expect(startedOn(bench, 'n4')).toBe(1);
});

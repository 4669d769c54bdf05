import { describe, expect, jest, test } from '@jest/globals';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { spec } from '../../support/controllers-entries.ts';
import { NEW, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

jest.setTimeout(120_000);

const HOUR_MS = 3_600_000;
const MOMENTS = 40;
const NODES = 6;

type Happening = (
  bench: UpkeepBench,
  pick: (most: number) => number,
  moment: number,
) => Promise<unknown>;

/** What people say and what befalls nodes, but that nobody cancels. */
const HAPPENINGS: readonly Happening[] = [
  (bench) => bench.say('pause'),
  (bench) => bench.say('resume'),
  async ({ faults }, pick) => faults.blocked.add(`n${1 + pick(NODES)}`),
  async ({ faults }) => faults.blocked.clear(),
  async ({ faults }, pick) => faults.failing.add(`upgrade-kubelet n${1 + pick(NODES)}`),
  async ({ faults }, pick) => faults.failing.add(`upgrade-control-plane n${1 + pick(3)}`),
  (bench, _, moment) => bench.wallClock(moment * HOUR_MS),
  (bench, pick) => bench.judge(4 + pick(3), 'dead'),
  (bench, pick) => bench.judge(4 + pick(3), 'alive'),
  (bench) => bench.newLeader(),
  async (bench, pick) => bench.killAfter(pick(4)),
];

describe('an upgrade ends once people let it, whatever they said and whatever befell nodes before', () => {
  test.each(Array.from({ length: 15 }, (_, index) => index + 1))('seed %d', async (seed) => {
    const random = createSeededRandom(seed);
    const pick = (most: number) => Math.floor(random.number() * most);
    const upgrade = { ...spec().upgrade, maxUnavailable: 1 + pick(3) };
    const bench = await upkeepBench({ controlPlanes: 3, workers: 3, spec: { upgrade } });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.store.list('rollout').length === 1);
    for (let moment = 1; moment <= MOMENTS; moment += 1) {
      await HAPPENINGS[pick(HAPPENINGS.length)]?.(bench, pick, moment);
      for (let seconds = pick(15); seconds > 0; seconds -= 1) await bench.step();
    }

    bench.faults.blocked.clear();
    bench.faults.failing.clear();
    for (const worker of [4, 5, 6]) await bench.judge(worker, 'alive');
    // What failed a moment ago may be told only now.
    for (let time = 1; time <= 2; time += 1) {
      await bench.say('resume');
      await bench.rest();
    }
    const states = bench.store.list('progress').map(({ value }) => value.state);
    const kubelets = bench.store.list('upkeep').map(({ value }) => value.parts.kubelet);
    const cordoned = bench.store.list('drain').filter(({ value }) => value.state !== 'released');
    expect({ states: [...new Set(states)], kubelets, cordoned, told: bench.breaches }).toEqual({
      states: ['done'],
      kubelets: Array.from({ length: NODES }, () => NEW),
      cordoned: [],
      told: [],
    });
  });
});

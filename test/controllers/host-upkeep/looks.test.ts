import { describe, expect, jest, test } from '@jest/globals';
import {
  countLook,
  nextLookInMs,
  watchedForMs,
} from '../../../src/controllers/host-upkeep/looks.ts';
import { type Memory, NO_LOOKS } from '../../../src/controllers/host-upkeep/memory.ts';
import { id } from '../../support/controllers-entries.ts';
import { isOver, NEW, upkeepBench, workOn } from '../../support/upkeep-bench.ts';

jest.setTimeout(120_000);

interface Look {
  readonly nowMs: number;
  readonly trouble?: string;
  readonly of?: string;
}

const memory = (): Memory => ({
  sightings: new Map(),
  looks: NO_LOOKS,
  images: { seen: '', synced: '' },
});

function rowOf(looks: readonly Look[]) {
  const kept = memory();
  const good = looks.map(({ nowMs, trouble = null, of = 'an order' }) => {
    return countLook(kept, { of, trouble, nowMs });
  });
  const nowMs = looks.at(-1)?.nowMs ?? 0;
  return {
    good,
    watchedForMs: watchedForMs(kept, 'an order', nowMs),
    nextLookInMs: nextLookInMs(kept, { nowMs: nowMs + 300, leadMs: 200 }),
  };
}

describe('a row of looks', () => {
  test.each<{
    readonly when: string;
    readonly looks: readonly Look[];
    readonly row: ReturnType<typeof rowOf>;
  }>([
    {
      when: 'all of them are good',
      looks: [{ nowMs: 500 }, { nowMs: 1_500 }, { nowMs: 2_600 }],
      row: { good: [1, 2, 3], watchedForMs: 2_100, nextLookInMs: 500 },
    },
    {
      when: 'some come within a second',
      looks: [{ nowMs: 0 }, { nowMs: 999 }, { nowMs: 1_000 }],
      row: { good: [1, 1, 2], watchedForMs: 1_000, nextLookInMs: 500 },
    },
    {
      when: 'there is trouble in between',
      looks: [{ nowMs: 0 }, { nowMs: 1_000, trouble: 'it is not Ready' }, { nowMs: 2_000 }],
      row: { good: [1, 0, 1], watchedForMs: 0, nextLookInMs: 500 },
    },
    {
      when: 'the last one found trouble',
      looks: [{ nowMs: 0 }, { nowMs: 1_000, trouble: 'it is not Ready' }],
      row: { good: [1, 0], watchedForMs: 0, nextLookInMs: 1_000 },
    },
    {
      when: 'the order is another one',
      looks: [{ nowMs: 0, of: 'another order' }, { nowMs: 1_000 }],
      row: { good: [1, 1], watchedForMs: 0, nextLookInMs: 500 },
    },
  ])('is as long as it is when $when', ({ looks, row }) => {
    expect(rowOf(looks)).toEqual(row);
  });
});

/** Seconds that the kubelet of a worker takes, which is started once more after so many of them. */
async function secondsOfKubelet(startedAgainAfter?: number): Promise<number> {
  const upkeep = await upkeepBench(2, 1);
  const { bench, store } = upkeep;
  const parts = { kubelet: NEW, apiServer: NEW, controllerManager: NEW, scheduler: NEW };
  await store.set('upkeep', id(1), {
    nodeId: id(1),
    incarnation: 1,
    parts: { ...parts, etcd: null, cluster: NEW },
    prepared: [],
    configurationDigest: null,
    work: null,
  });
  await upkeep.order(2, 'upgrade-kubelet');
  const { clock } = bench;
  const startedMs = clock.nowMs();
  let provingSinceMs: number | undefined;
  /** It ends and is there again before anybody misses it. */
  const kubeletSinceMs = () => {
    if (startedAgainAfter === undefined || provingSinceMs === undefined) return 0;
    const againMs = provingSinceMs + startedAgainAfter * 1_000;
    return clock.nowMs() < againMs ? 0 : againMs;
  };
  const agent = upkeep.agent(2, {
    alter: ({ host }) => ({
      host: {
        ...host,
        async kubeletRunsForMs() {
          const forMs = await host.kubeletRunsForMs();
          return forMs === undefined
            ? undefined
            : Math.min(forMs, clock.nowMs() - kubeletSinceMs());
        },
      },
    }),
  });
  await agent.work(() => {
    if (workOn(upkeep, 2)?.proving) provingSinceMs ??= clock.nowMs();
    return isOver(upkeep, 2);
  }, 600_000);
  expect(workOn(upkeep, 2)?.state).toBe('done');
  return Math.round((clock.nowMs() - startedMs) / 1_000);
}

test('a kubelet that starts again between two looks is watched from the beginning', async () => {
  const usually = await secondsOfKubelet();
  expect(usually).toBeLessThanOrEqual(12);
  expect(await secondsOfKubelet(4)).toBeGreaterThanOrEqual(usually + 3);
});

import { describe, expect, jest, test } from '@jest/globals';
import {
  isOver,
  NEW,
  OLD,
  partsOf,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(240_000);

const TEN_MINUTES_MS = 600_000;

async function carryOut(
  upkeep: UpkeepBench,
  number: number,
  ...asked: Parameters<UpkeepBench['order']> extends [number, ...infer R] ? R : never
) {
  await upkeep.order(number, ...asked);
  const agent = upkeep.agent(number);
  const errors = await agent.work(() => isOver(upkeep, number), TEN_MINUTES_MS);
  return { errors, state: workOn(upkeep, number)?.state, reason: workOn(upkeep, number)?.reason };
}

const DONE = { errors: [], state: 'done', reason: null };

/** Fails whoever reaches for what starts a process. */
function forbidden<T extends object>(port: T): T {
  return new Proxy(port, {
    get: (_target, name) => () => {
      throw new Error(`a settled host was asked for ${String(name)}`);
    },
  });
}

describe('a host whose order is over', () => {
  test.each(['with it', 'without it'])('starts no process and writes nothing, %s', async (left) => {
    const upkeep = await upkeepBench(2, 1);
    await carryOut(upkeep, 1, 'upgrade-control-plane', { first: true });
    if (left === 'without it') await upkeep.withdraw(1);
    const { revision } = upkeep.store;
    const agent = upkeep.agent(1, {
      alter: ({ host, operations, releases }) => ({
        host: forbidden(host),
        operations: forbidden(operations),
        releases: forbidden(releases),
      }),
    });
    expect(await agent.work(() => false, 60_000)).toEqual([]);
    expect([agent.acted, upkeep.store.revision]).toEqual([[], revision]);
  });
});

describe('an upgrade', () => {
  test('of three control planes and a worker, host by host, ends with all at the release', async () => {
    const upkeep = await upkeepBench(4, 3);
    for (const number of [1, 2, 3, 4]) {
      expect(await carryOut(upkeep, number, 'prepare')).toEqual(DONE);
    }
    const before = [1, 4].map((number) => partsOf(upkeep, number));
    for (const number of [1, 2, 3]) {
      const first = number === 1;
      expect(await carryOut(upkeep, number, 'upgrade-control-plane', { first })).toEqual(DONE);
    }
    const halfway = partsOf(upkeep, 3);
    for (const number of [1, 2, 3, 4]) {
      expect(await carryOut(upkeep, number, 'upgrade-kubelet')).toEqual(DONE);
    }
    const worker = { apiServer: null, controllerManager: null, scheduler: null, etcd: null };
    const released = { apiServer: NEW, controllerManager: NEW, scheduler: NEW, etcd: '3.6.5' };
    expect(before).toEqual([
      {
        kubelet: OLD,
        apiServer: OLD,
        controllerManager: OLD,
        scheduler: OLD,
        etcd: '3.5.24',
        cluster: OLD,
      },
      { kubelet: OLD, cluster: null, ...worker },
    ]);
    expect(halfway).toEqual({ kubelet: OLD, cluster: NEW, ...released });
    expect([1, 2, 3, 4].map((number) => partsOf(upkeep, number))).toEqual([
      { kubelet: NEW, cluster: NEW, ...released },
      { kubelet: NEW, cluster: NEW, ...released },
      { kubelet: NEW, cluster: NEW, ...released },
      { kubelet: NEW, cluster: null, ...worker },
    ]);
  });
});

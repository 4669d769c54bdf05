import { describe, expect, test } from '@jest/globals';
import { id } from '../../support/controllers-entries.ts';
import { NEW, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

async function ask(bench: UpkeepBench, number: number): Promise<void> {
  const nodeId = id(number);
  await bench.store.set('request', nodeId, {
    type: 'drain',
    nodeId,
    incarnation: 1,
    askedWallMs: 0,
  });
}

const ordersIn = ({ store }: UpkeepBench) =>
  store.list('order').map(({ value }) => `${value.task} ${value.nodeId} by ${value.sponsor}`);
const statesIn = ({ store }: UpkeepBench) =>
  store.list('drain').map(({ value }) => `${value.operationId} ${value.state}`);

describe('a node that people want drained', () => {
  test('is drained by a whole control plane, for as long as they want it', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
    await ask(bench, 4);
    await bench.rest();
    expect(ordersIn(bench)).toEqual([`drain ${id(4)} by ${id(1)}`]);
    const writes = bench.writes();
    await bench.rest();
    expect(bench.writes()).toBe(writes);

    await bench.store.remove('request', id(4));
    await bench.rest();
    expect({ orders: ordersIn(bench), states: statesIn(bench) }).toEqual({
      orders: [],
      states: [`drain-${id(4)}-1 released`],
    });
    await ask(bench, 4);
    await bench.rest();
    expect(statesIn(bench)).toEqual([`drain-${id(4)}-2 drained`]);
    expect(bench.breaches).toEqual([]);
  });

  test('goes before an upgrade, which waits for them', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 2 });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.journal.includes(`upgrade-control-plane n1 ${NEW}`));
    await ask(bench, 5);
    await bench.rest();
    expect(ordersIn(bench)).toEqual([`drain ${id(5)} by ${id(1)}`]);
    expect(bench.journal).not.toContain(`upgrade-control-plane n2 ${NEW}`);
    expect(bench.told().at(-1)).toBe('waits for max-unavailable');

    await bench.store.remove('request', id(5));
    await bench.rest();
    expect(bench.journal).toContain(`upgrade-kubelet n5 ${NEW}`);
    expect(bench.breaches).toEqual([]);
  });

  test('waits for its turn beside another one', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 2 });
    await ask(bench, 4);
    await ask(bench, 5);
    await bench.rest();
    expect({ orders: ordersIn(bench), told: bench.told() }).toEqual({
      orders: [`drain ${id(4)} by ${id(1)}`],
      told: ['waits for max-unavailable'],
    });
  });

  test('is seen to by another sponsor when the first one dies', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
    await ask(bench, 4);
    await bench.rest();
    await bench.judge(1, 'dead');
    await bench.rest();
    expect(ordersIn(bench)).toEqual([`drain ${id(4)} by ${id(2)}`]);
  });

  test('is never the last control plane that serves', async () => {
    const bench = await upkeepBench({ controlPlanes: 1, workers: 1 });
    await ask(bench, 1);
    await bench.rest();
    expect({ orders: ordersIn(bench), told: bench.told() }).toEqual({
      orders: [],
      told: ['waits for last-control-plane'],
    });
  });
});

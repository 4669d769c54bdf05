import { describe, expect, test } from '@jest/globals';
import { assignment, id, served } from '../../support/controllers-entries.ts';
import { enrol, NEW, OLD, type UpkeepBench, upkeepBench, upkeepOf } from './upkeep-bench.ts';

/** The grace of the spec, and a little. */
const GRACE = 65;

const begunIn = (bench: UpkeepBench, task: string) =>
  bench.journal.filter((line) => line.startsWith(task)).map((line) => line.split(' ')[1]);
const plans = ({ store }: UpkeepBench) =>
  store.list('progress').map(({ value }) => `${value.state}: ${value.waiting?.message ?? ''}`);

async function dies(bench: UpkeepBench, number: number): Promise<void> {
  bench.faults.silent.add(`n${number}`);
  await bench.judge(number, 'dead');
}

async function comesBack(bench: UpkeepBench, number: number): Promise<void> {
  bench.faults.silent.delete(`n${number}`);
  await bench.judge(number, 'alive');
}

async function seconds(bench: UpkeepBench, count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) await bench.step();
}

async function until(line: string, workers = 3): Promise<UpkeepBench> {
  const bench = await upkeepBench({ controlPlanes: 3, workers });
  await bench.edit({ kubernetesVersion: NEW });
  await bench.until(() => bench.journal.includes(`${line} ${NEW}`));
  return bench;
}

describe('a worker that loses its power in the middle of its upgrade', () => {
  test('goes on with the same order when it comes back within the grace', async () => {
    const bench = await until('upgrade-kubelet n5');
    await dies(bench, 5);
    await seconds(bench, 40);
    expect(bench.store.list('order').map(({ key }) => key)).toEqual([id(5)]);
    expect(begunIn(bench, 'upgrade-kubelet')).not.toContain('n6');
    await comesBack(bench, 5);
    await bench.rest();
    expect(begunIn(bench, 'upgrade-kubelet')).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
    expect(plans(bench)).toEqual(['done: ']);
  });

  test('is passed over once it is dead for certain, and upgraded by a rollout of its own when it is back', async () => {
    const bench = await until('upgrade-kubelet n5');
    await dies(bench, 5);
    await seconds(bench, GRACE);
    await bench.rest();
    expect(begunIn(bench, 'upgrade-kubelet').at(-1)).toBe('n6');
    expect({ plans: plans(bench), orders: bench.store.list('order') }).toEqual({
      plans: ['done: '],
      orders: [],
    });
    await comesBack(bench, 5);
    await bench.rest();
    expect(plans(bench)).toEqual(['done: ', 'done: ']);
    const [first, second] = bench.store.list('rollout').map(({ key }) => key);
    expect(second).toBe(`${first}-2`);
    expect(bench.store.get('upkeep', id(5))?.value.parts.kubelet).toBe(NEW);
    expect(bench.breaches).toEqual([]);
  });

  test('is tried again by the same rollout when it is back before that ends', async () => {
    const bench = await until('upgrade-kubelet n5', 6);
    await dies(bench, 5);
    await bench.until(() => begunIn(bench, 'upgrade-kubelet').includes('n7'));
    await comesBack(bench, 5);
    await bench.rest();
    expect(plans(bench)).toEqual(['done: ']);
    expect(bench.store.get('upkeep', id(5))?.value.parts.kubelet).toBe(NEW);
    expect(bench.breaches).toEqual([]);
  });
});

describe('a control plane that dies in the middle of its upgrade', () => {
  test('gives its order up after the grace, and nobody else is touched before it is replaced', async () => {
    const bench = await until('upgrade-control-plane n2');
    await dies(bench, 2);
    await seconds(bench, GRACE);
    await bench.rest();
    expect(bench.store.list('order')).toEqual([]);
    expect(bench.told().at(-1)).toBe('waits for control-planes-whole');
    expect(begunIn(bench, 'upgrade-control-plane')).toEqual(['n1', 'n2']);

    await replace(bench, 2, 4);
    await bench.rest();
    expect(plans(bench)).toEqual(['done: ']);
    expect(begunIn(bench, 'upgrade-control-plane')).toEqual(['n1', 'n2', 'n3']);
    expect(bench.breaches).toEqual([]);
  });

  test('goes on where it was when it comes back after all', async () => {
    const bench = await until('upgrade-control-plane n2');
    await dies(bench, 2);
    await seconds(bench, GRACE);
    await bench.rest();
    await comesBack(bench, 2);
    await bench.rest();
    expect(plans(bench)).toEqual(['done: ']);
    expect(begunIn(bench, 'upgrade-control-plane')).toEqual(['n1', 'n2', 'n2', 'n3']);
  });

  test('and was to go first: what is left to do is planned anew', async () => {
    const bench = await until('upgrade-control-plane n1');
    await dies(bench, 1);
    await seconds(bench, GRACE);
    await replace(bench, 1, 4);
    await bench.rest();
    expect(plans(bench)).toEqual(['cancelled: n1, which was to go first, is gone', 'done: ']);
    expect(begunIn(bench, 'upgrade-control-plane')).toEqual(['n1', 'n2', 'n3', 'n4']);
    expect(bench.breaches).toEqual([]);
  });

  test('while another one is done: its order does not stand in the way of the replacement', async () => {
    const bench = await until('upgrade-control-plane n2');
    await dies(bench, 3);
    await seconds(bench, GRACE);
    await bench.rest();
    expect(bench.store.list('order')).toEqual([]);
    expect(bench.store.get('upkeep', id(2))?.value.work?.state).toBe('done');
  });
});

describe('a sponsor that dies under an order', () => {
  test('gives it to another one, under the same name', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 2 });
    await bench.edit({ kubernetesVersion: NEW });
    await bench.until(() => bench.journal.includes(`upgrade-kubelet n4 ${NEW}`));
    const before = bench.store.get('order', id(4))?.value;
    await bench.judge((before?.sponsor?.charCodeAt(0) ?? 0) - 96, 'dead');
    bench.faults.silent.add('n4');
    await bench.step();
    const after = bench.store.get('order', id(4))?.value;
    expect(after?.sponsor).not.toBe(before?.sponsor);
    expect(after).toEqual({ ...before, sponsor: after?.sponsor });
  });
});

test('an order that a deposed leader wrote too late is given anew in the term of who leads', async () => {
  const bench = await until('upgrade-kubelet n4');
  bench.faults.silent.add('n4');
  const order = bench.store.get('order', id(4))?.value;
  await bench.newLeader();
  if (order) await bench.store.set('order', id(4), order);
  const leads = bench.store.get('leadership', 'current')?.revision;
  await bench.step();
  expect(bench.store.get('order', id(4))?.value).toEqual({ ...order, term: leads });
});

/** The cluster lets go of one control plane, and a worker takes its place. */
async function replace(bench: UpkeepBench, lost: number, heir: number): Promise<void> {
  const term = bench.store.get('leadership', 'current')?.revision ?? 1;
  const { store } = bench;
  await store.remove('assignment', id(lost));
  await store.remove('node', id(lost));
  await store.remove('upkeep', id(lost));
  const release = store.get('release', 'current')?.value.controlPlane ?? OLD;
  await enrol(store, heir, true, release);
  const promoted = assignment(heir, {
    operationId: 'promote-1',
    task: 'promote',
    role: 'control-plane',
    term,
  });
  await store.set('assignment', id(heir), promoted);
  await store.set('status', id(heir), served(promoted));
  const { parts, ...upkeep } = upkeepOf(heir, true, release);
  await store.set('upkeep', id(heir), {
    ...upkeep,
    parts: { ...parts, kubelet: OLD },
    prepared: [NEW],
  });
}

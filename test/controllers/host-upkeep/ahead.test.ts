import { describe, expect, jest, test } from '@jest/globals';
import {
  isOver,
  NEW,
  partsOf,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(120_000);

const ONE_HOUR_MS = 3_600_000;

/** What an upgrade of n2, beside another control plane, did and how long it took. */
async function upgrade(prepare: (upkeep: UpkeepBench) => void = () => {}) {
  const upkeep = await upkeepBench(3, 2);
  const { journal } = upkeep.bench.world.state;
  prepare(upkeep);
  const from = journal.length;
  const startedMs = upkeep.bench.clock.nowMs();
  await upkeep.order(2, 'upgrade-control-plane', { first: true });
  await upkeep.agent(2).work(() => isOver(upkeep, 2), ONE_HOUR_MS);
  const own = journal.slice(from).filter(({ host }) => host === 'n2');
  return {
    state: workOn(upkeep, 2)?.state,
    apiServer: partsOf(upkeep, 2)?.apiServer,
    swappedByKubeadm: own.filter(({ event }) => event === 'manifest.swapped').length,
    seconds: Math.round((upkeep.bench.clock.nowMs() - startedMs) / 1_000),
    left: await upkeep.bench.host(1).ports.files.list('/etc/kubernetes/civitas-upgrade'),
  };
}

describe('the static pods of a control plane', () => {
  test('are swapped at once before kubeadm runs, which then finds them as it would write them', async () => {
    const { seconds, ...rest } = await upgrade();
    expect(rest).toEqual({ state: 'done', apiServer: NEW, swappedByKubeadm: 0, left: [] });
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test('are swapped by kubeadm, one after the other, where its checks fail before', async () => {
    const { seconds, ...rest } = await upgrade(({ bench }) =>
      bench.world.failNext('n2', { phase: 'preflight', text: 'no pod ran' }),
    );
    expect(rest).toEqual({ state: 'done', apiServer: NEW, swappedByKubeadm: 4, left: [] });
    expect(seconds).toBeGreaterThan(60);
  });
});

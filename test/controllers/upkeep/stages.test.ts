import { describe, expect, test } from '@jest/globals';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { spec } from '../../support/controllers-entries.ts';
import { type BenchOptions, NEW, OLD, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

const hosts = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `n${from + index}`);
const each = (task: string, from: number, to: number, release = NEW) =>
  hosts(from, to).map((host) => `${task} ${host} ${release}`);

/** What is to be seen of a cluster that is done. */
const seenOf = ({ journal, breaches, told, store }: UpkeepBench) => ({
  journal,
  breaches,
  told: told().map((line) => line.replace(/-\d+ /, '-N ')),
  orders: store.list('order'),
  running: [...new Set(store.list('upkeep').map(({ value }) => value.parts.kubelet))],
  release: store.get('release', SINGLETON)?.value,
});

describe('an upgrade of a whole cluster goes stage by stage', () => {
  test.each<BenchOptions & { readonly journal: readonly string[] }>([
    {
      controlPlanes: 1,
      workers: 0,
      journal: [
        `prepare n1 ${NEW}`,
        `upgrade-control-plane n1 ${NEW}`,
        `upgrade-kubelet n1 ${NEW}`,
      ],
    },
    {
      controlPlanes: 3,
      workers: 0,
      journal: [
        ...each('prepare', 1, 3),
        ...each('upgrade-control-plane', 1, 3),
        ...each('upgrade-kubelet', 1, 3),
      ],
    },
    {
      controlPlanes: 3,
      workers: 2,
      journal: [
        ...each('prepare', 1, 5),
        ...each('upgrade-control-plane', 1, 3),
        ...each('upgrade-kubelet', 1, 5),
      ],
    },
    {
      controlPlanes: 5,
      workers: 20,
      spec: { upgrade: { ...spec().upgrade, maxUnavailable: 3 } },
      journal: [
        ...each('prepare', 1, 25),
        ...each('upgrade-control-plane', 1, 5),
        ...each('upgrade-kubelet', 1, 25),
      ],
    },
  ])('$controlPlanes control planes and $workers workers', async ({ journal, ...size }) => {
    const bench = await upkeepBench(size);
    await bench.rest();
    expect({ writes: bench.writes(), told: bench.told() }).toEqual({ writes: 0, told: [] });

    await bench.edit({ kubernetesVersion: NEW });
    await bench.rest();
    expect(seenOf(bench)).toEqual({
      journal,
      breaches: [],
      told: ['upgrade-v1-34-4-N done'],
      orders: [],
      running: [NEW],
      release: { term: expect.any(Number), controlPlane: NEW, kubelet: NEW, heldBy: null },
    });

    const writes = bench.writes();
    await bench.rest();
    await bench.newLeader();
    await bench.rest();
    expect(bench.writes()).toBe(writes);
  });

  test('two minor releases are two hops, and the second begins once the first is everywhere', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 1, release: 'v1.33.9' });
    const upgrade = { ...spec().upgrade, through: [OLD] };
    await bench.edit({ kubernetesVersion: 'v1.35.1', upgrade });
    await bench.rest();
    const hop = (release: string) => [
      ...each('prepare', 1, 4, release),
      ...each('upgrade-control-plane', 1, 3, release),
      ...each('upgrade-kubelet', 1, 4, release),
    ];
    expect(seenOf(bench)).toMatchObject({
      journal: [...hop(OLD), ...hop('v1.35.1')],
      breaches: [],
      told: ['upgrade-v1-35-1-N done'],
    });
  });

  test('workers go at most so many at a time as may be out of service, and one before the others', async () => {
    const upgrade = { ...spec().upgrade, maxUnavailable: 3 };
    const bench = await upkeepBench({ controlPlanes: 1, workers: 7, spec: { upgrade } });
    await bench.edit({ kubernetesVersion: NEW });
    const most = new Set<string>();
    await bench.until(() => {
      const ordered = bench.store.list('order').filter(({ value }) => value.drains);
      most.add(ordered.map(({ value }) => `n${value.nodeId.charCodeAt(0) - 96}`).join(' '));
      return bench.told().includes('upgrade-v1-34-4-N done') || bench.journal.length === 17;
    });
    expect([...most].filter(Boolean)).toEqual(['n2', 'n3 n4 n5', 'n6 n7 n8']);
  });

  test('newcomers get what the control planes are, and none comes while these differ', async () => {
    const bench = await upkeepBench({ controlPlanes: 3, workers: 1 });
    await bench.edit({ kubernetesVersion: NEW });
    const releases: string[] = [];
    await bench.until(() => {
      const release = bench.store.get('release', SINGLETON)?.value;
      const { controlPlane, kubelet, heldBy } = release ?? {};
      const line = release ? `${controlPlane} ${kubelet} ${heldBy ? 'held' : 'free'}` : 'none';
      if (releases.at(-1) !== line) releases.push(line);
      return line === `${NEW} ${NEW} free`;
    });
    expect(releases).toEqual([
      'none',
      `${OLD} ${OLD} held`,
      `${NEW} ${OLD} held`,
      `${NEW} ${NEW} held`,
      `${NEW} ${NEW} free`,
    ]);
    expect(bench.journal.filter((line) => line.includes('n4'))).toEqual([`prepare n4 ${NEW}`]);
  });
});

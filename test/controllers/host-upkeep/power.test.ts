import { describe, expect, jest, test } from '@jest/globals';
import type { World } from '../../../src/simulation/world.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import {
  isOver,
  NEW,
  partsOf,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(600_000);

const ONE_HOUR_MS = 3_600_000;
const OFF_MS = 5_000;

interface Cut {
  readonly task: OrderTask;
  readonly number: number;
  /** Event of the journal, and what its detail holds. */
  readonly event: string;
  readonly detail: string;
  readonly unsynced: 'kept' | 'lost' | 'torn';
  /** How long after that event; at once unless said otherwise. */
  readonly afterMs?: number;
  /** kubeadm swaps the static pods, one after the other. */
  readonly plainly?: boolean;
}

const CONTROL_PLANE = { task: 'upgrade-control-plane', number: 1 } as const;

const MOMENTS: readonly Omit<Cut, 'unsynced'>[] = [
  { ...CONTROL_PLANE, event: 'operation.ended', detail: 'render-1' },
  { ...CONTROL_PLANE, event: 'service.changed', detail: 'stop kubelet' },
  { ...CONTROL_PLANE, event: 'pod.terminated', detail: 'kube-apiserver' },
  { ...CONTROL_PLANE, event: 'pod.terminated', detail: 'etcd' },
  { ...CONTROL_PLANE, event: 'file.written', detail: 'manifests/etcd.yaml' },
  { ...CONTROL_PLANE, event: 'file.written', detail: 'manifests/kube-scheduler.yaml' },
  { ...CONTROL_PLANE, event: 'service.changed', detail: 'restart kubelet' },
  { ...CONTROL_PLANE, event: 'phase.started', detail: ' control-plane' },
  { ...CONTROL_PLANE, event: 'phase.finished', detail: ' kubelet-config' },
  { ...CONTROL_PLANE, event: 'operation.ended', detail: 'upkeep-1' },
  { ...CONTROL_PLANE, event: 'manifest.swapped', detail: 'etcd', plainly: true },
  { ...CONTROL_PLANE, event: 'manifest.swapped', detail: 'kube-apiserver', plainly: true },
  { ...CONTROL_PLANE, event: 'manifest.swapped', detail: 'kube-scheduler', plainly: true },
  { task: 'upgrade-kubelet', number: 2, event: 'phase.finished', detail: ' kubelet-config' },
  { task: 'upgrade-kubelet', number: 2, event: 'kubernetes.linked', detail: NEW },
  { task: 'upgrade-kubelet', number: 2, event: 'service.changed', detail: 'restart kubelet' },
  { task: 'upgrade-kubelet', number: 1, event: 'service.changed', detail: 'stop kubelet' },
  { task: 'upgrade-kubelet', number: 1, event: 'pod.terminated', detail: 'etcd' },
  { task: 'upgrade-kubelet', number: 1, event: 'service.changed', detail: 'restart kubelet' },
];

const CUTS: readonly Cut[] = MOMENTS.flatMap((moment) =>
  (['kept', 'lost', 'torn'] as const).map((unsynced) => ({ ...moment, unsynced })),
);

describe('a host whose power fails in the middle of an upgrade', () => {
  test.each(CUTS)(
    'goes on: $task of n$number at $event $detail, unsynced files $unsynced',
    async (cut) => {
      const upkeep = await upkeepBench(2, 1);
      if (cut.task === 'upgrade-kubelet') await bring(upkeep, 1, 'upgrade-control-plane');
      const wasCut = cutPower(upkeep, cut);
      await bring(upkeep, cut.number, cut.task);
      const { kubelet, apiServer } = partsOf(upkeep, cut.number) ?? {};
      expect({ wasCut: wasCut(), state: workOn(upkeep, cut.number)?.state }).toEqual({
        wasCut: true,
        state: 'done',
      });
      expect(cut.task === 'upgrade-kubelet' ? kubelet : apiServer).toBe(NEW);
    },
  );
});

describe('an etcd that a newer one wrote for', () => {
  const cut = {
    task: 'upgrade-control-plane',
    number: 1,
    event: 'manifest.swapped',
    detail: 'etcd',
    unsynced: 'torn',
    plainly: true,
    // The new one runs by then, and the kernel has not written its manifest back.
    afterMs: 10_000,
  } as const;
  const SEEDS = [1, 2, 3, 4, 5, 6];

  async function olderOnes(replace?: UpkeepAgentOptions['replace']): Promise<readonly number[]> {
    const found: number[] = [];
    for (const seed of SEEDS) {
      const upkeep = await upkeepBench(2, 1, seed);
      upkeep.bench.world.state.syncsBesideCommands = false;
      const wentBack = witnessEtcd(upkeep, 'n1');
      cutPower(upkeep, cut);
      await bring(upkeep, 1, cut.task, replace && { replace });
      if (wentBack()) found.push(seed);
    }
    return found;
  }

  test('is never started again after a power cut, as its manifest was made safe before it ran', async () => {
    expect(await olderOnes()).toEqual([]);
  });

  test('is found out when nobody makes manifests safe', async () => {
    const careless = await olderOnes((controller) => ({
      ...controller,
      act: async (action, ports) => {
        if (action.type !== 'sync-files') await controller.act(action, ports);
      },
    }));
    expect(careless).not.toEqual([]);
  });
});

describe('a control plane that was booted in the middle of its proof', () => {
  test('is not done by what its Node said before, as long as its manifests are set aside', async () => {
    const upkeep = await upkeepBench(2, 1);
    const { files } = upkeep.bench.host(0).ports;
    const home = '/etc/kubernetes/manifests';
    const aside = '/etc/kubernetes/civitas-parked';
    await upkeep.order(1, 'upgrade-control-plane', { first: true });
    await upkeep.agent(1).work(() => isVerifying(upkeep), ONE_HOUR_MS);
    for (const name of await files.list(home))
      await files.move(`${home}/${name}`, `${aside}/${name}`);
    await upkeep.agent(1).work(() => isOver(upkeep, 1), 60_000);
    expect(workOn(upkeep, 1)?.state).toBe('under-way');
    for (const name of await files.list(aside))
      await files.move(`${aside}/${name}`, `${home}/${name}`);
    await upkeep.agent(1).work(() => isOver(upkeep, 1), ONE_HOUR_MS);
    expect(workOn(upkeep, 1)?.state).toBe('done');
  });
});

function isVerifying(upkeep: UpkeepBench): boolean {
  return workOn(upkeep, 1)?.step === 'waits until all its parts are whole';
}

/** Looks twice a second whether an etcd of an older release runs after a newer one did; ends when asked. */
function witnessEtcd({ bench }: UpkeepBench, name: string): () => boolean {
  let newest = '';
  let wentBack = false;
  let isOver = false;
  async function watch(): Promise<void> {
    while (!isOver) {
      const version = runningEtcd(bench.world, name);
      wentBack ||= version !== undefined && version < newest;
      if (version !== undefined && version > newest) newest = version;
      await bench.clock.sleep(500);
    }
  }
  void watch();
  return () => {
    isOver = true;
    return wentBack;
  };
}

function runningEtcd({ state }: World, name: string): string | undefined {
  const runtime = state.hosts.get(name)?.runtime;
  if (!runtime?.pods.has('etcd')) return undefined;
  return runtime.podManifests.get('etcd')?.match(/etcd:(\S+)/)?.[1];
}

/** The order, carried out by one agent after the other: each dies with its host. */
async function bring(
  upkeep: UpkeepBench,
  number: number,
  task: OrderTask,
  options: UpkeepAgentOptions = {},
): Promise<void> {
  await upkeep.order(number, task, { first: true, operationId: `${task}-9` });
  await upkeep.agent(number, options).work(() => isOver(upkeep, number), ONE_HOUR_MS);
}

function cutPower(
  { bench }: UpkeepBench,
  { number, event, detail, unsynced, plainly, afterMs = 1 }: Cut,
): () => boolean {
  const { world, clock } = bench;
  const name = `n${number}`;
  let wasCut = false;
  // kubeadm's first checks fail, and nothing is swapped ahead of it.
  if (plainly) world.failNext(name, { phase: 'preflight', text: 'no pod ran' });
  const forget = world.onChange((entry) => {
    if (entry.event !== event || entry.host !== name || !entry.detail.includes(detail)) return;
    forget();
    wasCut = true;
    void clock.sleep(afterMs).then(async () => {
      world.powerOff(name, { unsynced });
      await clock.sleep(OFF_MS);
      world.boot(name);
    });
  });
  return () => wasCut;
}

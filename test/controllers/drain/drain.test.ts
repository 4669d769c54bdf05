import { describe, expect, jest, test } from '@jest/globals';
import type { Kube } from '../../../src/ports/kube.ts';
import type { DrainState } from '../../../src/state/drain-state.ts';
import { id } from '../../support/controllers-entries.ts';
import { factsOf, journalOf } from '../../support/departure-bench.ts';
import { type DrainBench, drainBench, TARGET } from '../../support/drain-bench.ts';
import { progress, rollout } from '../../support/rollout-entries.ts';

jest.setTimeout(60_000);

const ONE_MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;
const KUBERNETES_NOTICES_MS = 70_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3, emptyDir: true } as const;

/** Whoever asks Kubernetes anything fails. */
const NOBODY = () => ({ kube: {} as Kube });

/** Three control planes, two workers with pods of a Deployment and a DaemonSet. */
async function busy(drainTimeoutSeconds?: number): Promise<DrainBench> {
  const bench = await drainBench(5, 3, drainTimeoutSeconds);
  bench.bench.world.applyWorkload('n1', WEB);
  bench.bench.world.applyWorkload('n1', { kind: 'DaemonSet', name: 'daemon' });
  await bench.pass(20_000);
  return bench;
}

function budget({ bench }: DrainBench, minAvailable: number): void {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  bench.world.applyBudget('n1', { namespace: 'default', name: 'web', selector, minAvailable });
}

function podsOn({ cluster }: DrainBench, node: string): readonly string[] {
  const pods = [...cluster.pods.values()].filter((pod) => pod.node === node);
  return pods.map(({ labels, owner }) => labels['app'] ?? owner?.name ?? 'bare').toSorted();
}

function isIn(bench: DrainBench, number: number, state: DrainState['state']): () => boolean {
  return () => bench.drainOf(number)?.state === state;
}

function cordoned(bench: DrainBench): readonly string[] {
  return factsOf(bench).nodes.flatMap((line) =>
    line.endsWith(' cordoned') ? line.slice(0, 2) : [],
  );
}

/** n5 is empty, and waits for its work. */
async function drained(bench: DrainBench): Promise<void> {
  await bench.order(5);
  await bench.agent(1).work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
}

async function kubeletIs({ cluster }: DrainBench, name: string, version: string): Promise<void> {
  const node = cluster.nodes.get(name);
  if (node) node.kubeletVersion = version;
}

test('nobody is asked anything where no order gives pods away', async () => {
  const bench = await drainBench(4, 3);
  await bench.order(4, { drains: false });
  const agent = bench.agent(1, { alter: NOBODY });
  expect(await agent.work(() => false, 10_000)).toEqual([]);
  expect(agent.acted).toEqual([]);
});

describe('a node that is ordered to give its pods away', () => {
  test('is cordoned with a mark, emptied as the budgets allow, and then left alone', async () => {
    const bench = await busy();
    budget(bench, 2);
    const from = bench.bench.world.state.journal.length;
    await bench.order(5);
    const agent = bench.agent(1);
    expect(await agent.work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS)).toEqual([]);

    expect(podsOn(bench, 'n5')).toEqual(['daemon', 'kube-proxy']);
    expect(cordoned(bench)).toEqual(['n5']);
    expect(journalOf(bench, from).filter((event) => event.startsWith('node.'))).toEqual([
      'node.labelled',
      'node.cordoned',
      'node.tainted',
      'node.tainted',
    ]);
    expect(bench.drainOf(5)).toEqual({
      nodeId: id(5),
      incarnation: 1,
      operationId: 'upgrade-kubelet-eeeeeeeeeee-1',
      by: id(1),
      state: 'drained',
      podsLeft: 0,
      waiting: null,
    });
    const settled = agent.acted.length;
    await agent.work(() => false, 20_000);
    expect(agent.acted.length).toBe(settled);
  });

  test('takes pods again when the leader wants the order back before it is empty', async () => {
    const bench = await busy();
    await bench.order(5);
    const agent = bench.agent(1);
    await agent.work(() => cordoned(bench).length === 1, ONE_MINUTE_MS);
    budget(bench, 3);
    await agent.work(() => false, 10_000);
    expect(bench.drainOf(5)?.state).toBe('draining');
    await bench.order(5, { recalled: true });
    await agent.work(isIn(bench, 5, 'released'), 10_000);
    expect(cordoned(bench)).toEqual([]);
    expect(bench.store.list('event').at(-1)?.value.summary).toBe(
      'n5 takes pods again: the leader took back what it was to be drained for',
    );
    budget(bench, 1);
    await agent.work(() => false, 20_000);
    expect({ state: bench.drainOf(5)?.state, cordoned: cordoned(bench) }).toEqual({
      state: 'released',
      cordoned: [],
    });
  });

  test('stays empty for its work when the leader wants the order back too late', async () => {
    const bench = await busy();
    await drained(bench);
    await bench.order(5, { recalled: true });
    await bench.agent(1).work(() => false, 20_000);
    expect({ state: bench.drainOf(5)?.state, cordoned: cordoned(bench) }).toEqual({
      state: 'drained',
      cordoned: ['n5'],
    });
  });

  test('takes pods again once its work is done and its kubelet runs the release', async () => {
    const bench = await busy();
    await drained(bench);
    await bench.report(5, 'done');
    const agent = bench.agent(1);
    await agent.work(() => false, 5_000);
    expect(cordoned(bench)).toEqual(['n5']);
    expect(bench.drainOf(5)?.waiting).toMatchObject({
      reason: 'node-not-ready',
      message:
        'n5 is done, and takes pods again once its Node is Ready with kubelet v1.35.1: see its kubelet if that stays',
    });
    await kubeletIs(bench, 'n5', TARGET);
    await agent.work(isIn(bench, 5, 'released'), 10_000);
    expect({ cordoned: cordoned(bench), drain: bench.drainOf(5) }).toMatchObject({
      cordoned: [],
      drain: { state: 'released', waiting: null },
    });
    expect(bench.cluster.nodes.get('n5')?.labels).not.toHaveProperty(['civitas.dev/cordoned-for']);
    expect(bench.store.list('event').map(({ value }) => value.summary)).toEqual([
      'n5 was cordoned to be drained, before its upgrade-kubelet',
      'n5 takes pods again: what it was drained for is done',
    ]);
  });

  test.each([
    { what: 'its work failed', end: (bench: DrainBench) => bench.report(5, 'failed') },
    { what: 'its order is gone', end: (bench: DrainBench) => bench.removeOrder(5) },
    {
      what: 'another order stands there',
      end: (bench: DrainBench) => bench.order(5, { operationId: 'prepare-1', drains: false }),
    },
    {
      what: 'it is another incarnation by now',
      end: (bench: DrainBench) => bench.order(5, { incarnation: 2 }),
    },
  ])('takes pods again at once, Ready or not, when $what', async ({ end }) => {
    const bench = await busy();
    await drained(bench);
    bench.bench.world.powerOff('n5');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await end(bench);
    await bench.agent(1).work(isIn(bench, 5, 'released'), 10_000);
    expect(cordoned(bench)).toEqual([]);
  });

  test('stays cordoned when people had cordoned it before', async () => {
    const bench = await busy();
    await bench.bench.host(0).ports.kube.setUnschedulable('n5', true);
    await drained(bench);
    await bench.removeOrder(5);
    await bench.agent(1).work(isIn(bench, 5, 'released'), 10_000);
    expect({ cordoned: cordoned(bench), state: bench.drainOf(5)?.state }).toEqual({
      cordoned: ['n5'],
      state: 'released',
    });
  });

  test('is not even cordoned while a budget can never let its pods go', async () => {
    const bench = await busy();
    budget(bench, 3);
    await bench.order(5);
    const agent = bench.agent(1);
    await agent.work(() => false, 30_000);
    expect(agent.acted.filter((type) => !type.endsWith('outdated'))).toEqual(['report']);
    expect(bench.drainOf(5)?.waiting).toMatchObject({
      reason: 'drain-blocked',
      message: expect.stringContaining('PodDisruptionBudget default/web wants 3 of 3 pods healthy'),
    });
    expect(cordoned(bench)).toEqual([]);
  });

  test('stays as it is, and says which pods and which budget, when its time is over', async () => {
    const bench = await busy(20);
    const agent = bench.agent(1);
    await bench.order(5);
    await agent.work(() => agent.acted.includes('cordon'), 10_000);
    budget(bench, 3);
    await agent.work(() => false, 60_000);
    expect(bench.drainOf(5)).toMatchObject({
      state: 'draining',
      waiting: {
        reason: 'drain-blocked',
        message: expect.stringMatching(/default\/web wants 3 of 3.*default\/web-/),
      },
    });
    expect(podsOn(bench, 'n5')).toContain('web');
  });

  test('that is the last control plane which serves gives no pods away', async () => {
    const bench = await drainBench(3, 2);
    await bench.judge(1, 'dead');
    await bench.order(2, { sponsor: id(1) });
    await bench.agent(1).work(() => false, 10_000);
    expect(bench.drainOf(2)?.waiting?.reason).toBe('last-control-plane');
    expect(cordoned(bench)).toEqual([]);
  });

  test('waits until one that an order which is gone left cordoned takes pods again', async () => {
    const bench = await busy();
    await bench.order(5, { sponsor: id(2) });
    await bench.agent(2).work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
    await bench.removeOrder(5);
    await bench.order(4);
    const first = bench.agent(1);
    await first.work(() => false, 5_000);
    expect({ cordoned: cordoned(bench), why: bench.drainOf(4)?.waiting?.reason }).toEqual({
      cordoned: ['n5'],
      why: 'drain-left',
    });
    await bench.agent(2).work(isIn(bench, 5, 'released'), 10_000);
    await first.work(isIn(bench, 4, 'drained'), ONE_MINUTE_MS);
    expect(cordoned(bench)).toEqual(['n4']);
  });
});

describe('a sponsor that is found dead', () => {
  test('has its drain carried on by whoever sponsors next, under the same cordon', async () => {
    const bench = await busy();
    await bench.order(5);
    const first = bench.agent(1);
    await first.work(() => first.acted.includes('cordon'), 10_000);
    await bench.order(5, { sponsor: id(2) });
    const second = bench.agent(2);
    await second.work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
    expect(second.acted).not.toContain('cordon');
    await bench.report(5, 'failed');
    await second.work(isIn(bench, 5, 'released'), 10_000);
    expect(cordoned(bench)).toEqual([]);
  });

  test('has its cordon taken back by the first able control plane when nobody asks any more', async () => {
    const bench = await busy();
    await drained(bench);
    await bench.removeOrder(5);
    await bench.judge(1, 'dead');
    const third = bench.agent(3);
    await third.work(() => false, 5_000);
    expect(third.acted).toEqual([]);
    await bench.agent(2).work(isIn(bench, 5, 'released'), 10_000);
    expect(cordoned(bench)).toEqual([]);
  });
});

describe('a node that people want drained', () => {
  const DRAIN = { task: 'drain', planId: null, drains: false, operationId: 'drain-e-1' } as const;

  test('stays empty and cordoned as long as they ask, and takes pods again afterwards', async () => {
    const bench = await busy();
    await bench.order(5, DRAIN);
    const agent = bench.agent(1);
    await agent.work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
    await agent.work(() => false, 20_000);
    expect({ cordoned: cordoned(bench), pods: podsOn(bench, 'n5') }).toEqual({
      cordoned: ['n5'],
      pods: ['daemon', 'kube-proxy'],
    });
    await bench.removeOrder(5);
    await agent.work(isIn(bench, 5, 'released'), 10_000);
    expect(cordoned(bench)).toEqual([]);
  });
});

describe('workers whose kubelet is still to be upgraded', () => {
  function outdated({ cluster }: DrainBench): readonly string[] {
    const nodes = [...cluster.nodes.values()];
    return nodes
      .filter(({ taints }) => taints.some(({ key }) => key === 'civitas.dev/outdated'))
      .map(({ name }) => name)
      .toSorted();
  }

  async function plan({ store }: DrainBench, state: 'running' | 'cancelled'): Promise<void> {
    const { planId } = rollout();
    await store.set('rollout', planId, rollout());
    await store.set('progress', planId, progress({ state }));
  }

  test('are marked for the scheduler, and no more once they are there', async () => {
    const bench = await busy();
    await plan(bench, 'running');
    await bench.order(5);
    const agent = bench.agent(1);
    await agent.work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
    expect(outdated(bench)).toEqual(['n4', 'n5']);
    await kubeletIs(bench, 'n5', TARGET);
    await bench.report(5, 'done');
    await agent.work(isIn(bench, 5, 'released'), 10_000);
    expect(outdated(bench)).toEqual(['n4']);
  });

  test('are marked no more once the rollout is cancelled, by the first control plane', async () => {
    const bench = await busy();
    await plan(bench, 'running');
    await bench.order(5, { sponsor: id(2) });
    await bench.agent(2).work(isIn(bench, 5, 'drained'), TEN_MINUTES_MS);
    await bench.removeOrder(5);
    await plan(bench, 'cancelled');
    await bench.agent(2).work(isIn(bench, 5, 'released'), 10_000);
    expect(outdated(bench)).toEqual(['n4', 'n5']);
    const first = bench.agent(1);
    await first.work(() => outdated(bench).length === 0, 10_000);
    expect(outdated(bench)).toEqual([]);
    const acted = first.acted.length;
    await first.work(() => false, 10_000);
    expect(first.acted.length).toBe(acted);
  });
});

import { describe, expect, jest, test } from '@jest/globals';
import type { Etcd } from '../../../src/ports/etcd.ts';
import type { Kube } from '../../../src/ports/kube.ts';
import type { DecisionEvent } from '../../../src/state/decision-event.ts';
import { SNAPSHOTS_FOLDER } from '../../../src/state/kubernetes-paths.ts';
import { id } from '../../support/controllers-entries.ts';
import {
  type DepartureBench,
  departureBench,
  factsOf,
  isDone,
  journalOf,
  waitOf,
} from '../../support/departure-bench.ts';

jest.setTimeout(60_000);

const TEN_MINUTES_MS = 600_000;
const KUBERNETES_NOTICES_MS = 70_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3, emptyDir: true } as const;

/** Whoever asks Kubernetes or etcd anything fails. */
const NOBODY = { kube: {} as Kube, etcd: {} as Etcd };

function budget(bench: DepartureBench, minAvailable: number) {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  bench.bench.world.applyBudget('n1', {
    namespace: 'default',
    name: 'web',
    selector,
    minAvailable,
  });
}

function readyWeb({ cluster }: DepartureBench): number {
  return [...cluster.pods.values()].filter(({ labels, ready }) => ready && labels['app'] === 'web')
    .length;
}

function leader({ cluster }: DepartureBench): string | undefined {
  return cluster.etcd.members.find(({ id: member }) => member === cluster.etcd.leader)?.name;
}

function passed({ guards }: DecisionEvent): readonly string[] {
  return guards.flatMap((guard) => (guard.passed ? [guard.name] : []));
}

/** One control plane and two workers with a Deployment on them. */
async function workers(drainTimeoutSeconds?: number): Promise<DepartureBench> {
  const bench = await departureBench(3, 1, drainTimeoutSeconds);
  bench.bench.world.applyWorkload('n1', WEB);
  bench.bench.world.applyWorkload('n1', { kind: 'DaemonSet', name: 'daemon' });
  await bench.pass(20_000);
  return bench;
}

describe('a control plane that is dead', () => {
  test('leaves etcd after a snapshot, is declared out of service, and its Node goes', async () => {
    const bench = await departureBench(4, 3);
    bench.bench.world.powerOff('n3');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.judge(3, 'dead');
    const from = bench.bench.world.state.journal.length;
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    const startedMs = bench.bench.clock.nowMs();
    expect(await agent.work(() => isDone(bench, 3), TEN_MINUTES_MS)).toEqual([]);

    expect(bench.bench.clock.nowMs() - startedMs).toBeLessThan(6_000);
    expect(journalOf(bench, from)).toEqual([
      'snapshot.saved',
      'member.removed',
      'node.labelled',
      'node.tainted',
      'node.deleted',
    ]);
    expect(factsOf(bench)).toMatchObject({
      members: ['10.88.0.1', '10.88.0.2'],
      nodes: ['n1 control-plane', 'n2 control-plane', 'n4 worker'],
    });
    expect(await bench.bench.host(0).ports.files.list(SNAPSHOTS_FOLDER)).toEqual([
      expect.stringMatching(/^etcd-000001-retire-ccccccccccc-1-[0-9a-f]+\.db$/),
    ]);
    expect(bench.store.get('departure', id(3))?.value).toEqual({
      nodeId: id(3),
      incarnation: 1,
      operationId: 'retire-ccccccccccc-1',
      by: id(1),
      state: 'done',
      waiting: null,
    });
    expect(bench.store.list('event').map(({ value }) => [value.summary, passed(value)])).toEqual([
      [
        expect.stringMatching(/^member n3 \([0-9a-f]+\) was removed from etcd: n3 was found dead$/),
        ['no-alarm', 'quorum-after-removal', 'snapshot', 'no-sign-of-life'],
      ],
      ['Node n3 was deleted: n3 was found dead', ['no-sign-of-life']],
    ]);
  });

  test('is left alone by a new sponsor once it is done', async () => {
    const bench = await departureBench(4, 3);
    bench.bench.world.powerOff('n3');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.judge(3, 'dead');
    await bench.ask(3, 'retire', 1);
    await bench.agent(1).work(() => isDone(bench, 3), TEN_MINUTES_MS);
    await bench.ask(3, 'retire', 2);
    const other = bench.agent(2, { alter: () => NOBODY });
    expect(await other.work(() => false, 10_000)).toEqual([]);
    expect(other.acted).toEqual([]);
  });

  test('takes an unnamed learner at its address with it', async () => {
    const bench = await departureBench(4, 3);
    const learner = { id: 'abc', name: '', peerUrl: 'https://10.88.0.4:2380', learner: true };
    bench.cluster.etcd.members.push({ ...learner, raftTerm: 0, raftIndex: 0, revision: 0 });
    bench.bench.world.powerOff('n4');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.judge(4, 'dead');
    await bench.ask(4, 'retire', 2);
    await bench.agent(2).work(() => isDone(bench, 4), TEN_MINUTES_MS);
    expect(factsOf(bench)).toMatchObject({ members: ['10.88.0.1', '10.88.0.2', '10.88.0.3'] });
  });
});

test('a cluster that nobody leaves is asked nothing', async () => {
  const bench = await departureBench(3, 3);
  const agent = bench.agent(1, { alter: () => NOBODY });
  expect(await agent.work(() => false, 10_000)).toEqual([]);
  expect(agent.acted).toEqual([]);
});

describe('a control plane that lives', () => {
  test('becomes a worker: leader moved, member removed, marks taken away, pods untouched', async () => {
    const bench = await departureBench(3, 3);
    const { etcd } = bench.bench.host(0).ports;
    const third = bench.cluster.etcd.members.find(({ name }) => name === 'n3');
    await bench.bench.drive(etcd.moveLeader(third?.id ?? ''));
    await bench.pass(5_000);
    const pods = () => [...bench.cluster.pods.values()].filter(({ node }) => node === 'n3');
    const before = pods().map(({ uid, restarts }) => ({ uid, restarts }));
    await bench.ask(3, 'demote', 1);
    const agent = bench.agent(1);
    expect(leader(bench)).toBe('n3');
    expect(await agent.work(() => isDone(bench, 3), TEN_MINUTES_MS)).toEqual([]);

    expect(agent.acted).toEqual([
      'report',
      'move-leader',
      'save-snapshot',
      'remove-member',
      'unmark-control-plane',
      'report',
    ]);
    expect(leader(bench)).toBe('n1');
    expect(factsOf(bench)).toMatchObject({
      members: ['10.88.0.1', '10.88.0.2'],
      nodes: ['n1 control-plane', 'n2 control-plane', 'n3 worker'],
    });
    expect(pods().map(({ uid, restarts }) => ({ uid, restarts }))).toEqual(before);
  });

  test('is not seen out by itself', async () => {
    const bench = await departureBench(3, 3);
    await bench.ask(3, 'retire', 3);
    const before = factsOf(bench);
    const agent = bench.agent(3);
    await agent.work(() => false, 30_000);
    expect(agent.acted).toEqual(['report']);
    expect(waitOf(bench, 3)).toBe('own-departure');
    expect(factsOf(bench)).toEqual(before);
  });
});

describe('a worker that lives', () => {
  test('is emptied one pod after another as its budget allows, and DaemonSets stay', async () => {
    const bench = await workers();
    budget(bench, 2);
    const lowest: number[] = [];
    bench.bench.world.onChange(() => lowest.push(readyWeb(bench)));
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    expect(await agent.work(() => isDone(bench, 3), TEN_MINUTES_MS)).toEqual([]);

    expect(Math.min(...lowest)).toBe(2);
    expect(new Set(agent.acted)).toEqual(new Set(['report', 'cordon', 'evict', 'delete-node']));
    expect(factsOf(bench)).toMatchObject({ nodes: ['n1 control-plane', 'n2 worker'] });
  });

  test('is not even cordoned while a budget can never let its pods go', async () => {
    const bench = await workers();
    budget(bench, 3);
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    await agent.work(() => false, 30_000);
    expect(agent.acted).toEqual(['report']);
    expect(bench.store.get('departure', id(3))?.value.waiting).toMatchObject({
      reason: 'drain-blocked',
      message: expect.stringMatching(
        /^n3 can not be drained: PodDisruptionBudget default\/web wants 3 of 3 pods healthy and never lets go of default\/web-\S+ \(ReplicaSet web-\S+\).*: add a replica, or change the budget$/,
      ),
    });
    expect(factsOf(bench)).toMatchObject({ nodes: ['n1 control-plane', 'n2 worker', 'n3 worker'] });

    bench.bench.world.applyWorkload('n1', { ...WEB, replicas: 4 });
    await agent.work(() => isDone(bench, 3), TEN_MINUTES_MS);
    expect(factsOf(bench)).toMatchObject({ nodes: ['n1 control-plane', 'n2 worker'] });
  });

  test('stays, and says why, when its time is over and a budget is in the way', async () => {
    const bench = await workers(20);
    const agent = bench.agent(1);
    await bench.ask(3, 'retire', 1);
    await agent.work(() => agent.acted.includes('cordon'), 10_000);
    budget(bench, 3);
    await agent.work(() => false, 60_000);
    expect(waitOf(bench, 3)).toBe('drain-blocked');
    expect(isDone(bench, 3)).toBe(false);
    expect([...bench.cluster.nodes.keys()]).toContain('n3');
  });

  test('gives its volumes up before its Node goes', async () => {
    const bench = await departureBench(3, 1);
    bench.bench.world.applyWorkload('n1', {
      kind: 'StatefulSet',
      name: 'db',
      replicas: 2,
      volume: true,
    });
    await bench.pass(20_000);
    const attached = () =>
      [...bench.cluster.attachments.values()].filter(({ node }) => node === 'n3');
    expect(attached()).toHaveLength(1);
    let left: number | undefined;
    bench.bench.world.onChange(({ event }) => {
      if (event === 'node.deleted') left = attached().length;
    });
    await bench.ask(3, 'retire', 1);
    await bench.agent(1).work(() => isDone(bench, 3), TEN_MINUTES_MS);
    expect(left).toBe(0);
  });

  test.each([
    { by: 1, what: 'by its sponsor' },
    { by: 2, what: 'by another control plane once the sponsor is dead' },
  ])('takes pods again when it is to stay after all, $what', async ({ by }) => {
    const bench = await departureBench(5, 3);
    bench.bench.world.applyWorkload('n1', WEB);
    await bench.pass(20_000);
    await bench.ask(5, 'retire', 1);
    const agent = bench.agent(1);
    await agent.work(() => agent.acted.includes('cordon'), 10_000);
    expect(factsOf(bench).nodes).toContain('n5 worker cordoned');

    await bench.withdraw(5);
    if (by === 2) await bench.judge(1, 'dead');
    const other = bench.agent(by);
    await other.work(() => bench.store.get('departure', id(5)) === undefined, 20_000);
    expect(other.acted).toEqual(['uncordon', 'forget']);
    expect(factsOf(bench).nodes).toContain('n5 worker');
  });

  test('stays cordoned when people had cordoned it, and is to stay after all', async () => {
    const bench = await workers();
    await bench.bench.host(0).ports.kube.setUnschedulable('n3', true);
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    await agent.work(() => agent.acted.includes('evict'), 20_000);
    await bench.withdraw(3);
    await agent.work(() => bench.store.get('departure', id(3)) === undefined, 20_000);
    expect(factsOf(bench).nodes).toContain('n3 worker cordoned');
  });

  test('whose Node is not Ready keeps its pods, as nobody would end them', async () => {
    const bench = await workers();
    bench.bench.world.powerOff('n3');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    await agent.work(() => false, 30_000);
    expect(agent.acted).toEqual(['report']);
    expect(waitOf(bench, 3)).toBe('node-not-ready');
  });
});

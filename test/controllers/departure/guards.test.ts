import { describe, expect, jest, test } from '@jest/globals';
import type { EtcdHealth } from '../../../src/ports/etcd.ts';
import type { HostPorts } from '../../../src/ports/index.ts';
import type { AgentOptions } from '../../support/controller-agent.ts';
import {
  comeBackEmpty,
  type DepartureBench,
  departureBench,
  factsOf,
  isDone,
  waitOf,
} from '../../support/departure-bench.ts';

jest.setTimeout(60_000);

const ONE_MINUTE_MS = 60_000;
const KUBERNETES_NOTICES_MS = 70_000;

type Alter = NonNullable<AgentOptions['alter']>;

/** A situation in which one guard is all that stands between the sponsor and harm. */
interface Guard {
  readonly what: string;
  /** What the sponsor is blind for in the mutant. */
  readonly mutant: string;
  readonly departs: number;
  readonly task: 'demote' | 'retire';
  readonly begin: (bench: DepartureBench) => Promise<void>;
  readonly blind: Alter;
  /** What the departure waits for, or that it is over, while nobody is blind. */
  readonly outcome: string;
  readonly harm: (bench: DepartureBench, asked: readonly string[]) => boolean;
}

const GUARDS: readonly Guard[] = [
  {
    what: 'a voter that the quorum needs stays in etcd',
    mutant: 'takes every member for healthy',
    departs: 3,
    task: 'demote',
    begin: async (bench) => {
      bench.bench.world.powerOff('n2');
      await bench.pass(KUBERNETES_NOTICES_MS);
    },
    blind: (ports) => sawHealth(ports, (health) => ({ ...health, members: allHealthy(health) })),
    outcome: 'etcd-not-healthy',
    harm: (_, asked) => asked.includes('remove-member'),
  },
  {
    what: 'a machine that was found dead and still beats keeps what it has',
    mutant: 'does not look at Node and lease',
    departs: 4,
    task: 'retire',
    begin: async (bench) => bench.judge(4, 'dead'),
    blind: ({ kube }) => ({
      kube: {
        ...kube,
        nodes: async () => (await kube.nodes()).map((node) => ({ ...node, ready: false })),
        nodeLeases: async () => [],
      },
    }),
    outcome: 'contradiction',
    harm: (bench) => !bench.cluster.nodes.has('n4') || isTainted(bench),
  },
  {
    what: 'a machine that came back empty keeps what it has while the kubelet that it had beats elsewhere',
    mutant: 'takes the newcomer at its word',
    departs: 4,
    task: 'retire',
    begin: async (bench) => {
      await bench.judge(4, 'dead');
      await comeBackEmpty(bench, 4, 5);
    },
    blind: ({ kube }) => ({ kube: { ...kube, nodeLeases: firstLeases(kube) } }),
    outcome: 'contradiction',
    harm: (bench) => !bench.cluster.nodes.has('n4') || isTainted(bench),
  },
  {
    what: 'with an alarm etcd keeps its members',
    mutant: 'does not ask for alarms',
    departs: 3,
    task: 'retire',
    begin: async (bench) => {
      bench.bench.world.powerOff('n3');
      await bench.pass(KUBERNETES_NOTICES_MS);
      await bench.judge(3, 'dead');
      bench.bench.world.raiseAlarm('n2', 'NOSPACE');
    },
    blind: (ports) =>
      sawHealth(ports, (health) => ({ alarms: [], members: allHealthy(health, ['n1', 'n2']) })),
    outcome: 'etcd-not-healthy',
    harm: (bench) => bench.cluster.etcd.members.length < 3,
  },
  {
    what: 'another member of the same name stays in etcd',
    mutant: 'goes by the names of members',
    departs: 3,
    task: 'demote',
    begin: async (bench) => {
      const second = bench.cluster.etcd.members.find(({ name }) => name === 'n2');
      if (second) second.name = 'n3';
    },
    blind: (ports) =>
      sawHealth(ports, (health) => ({
        ...health,
        members: health.members.map((member) =>
          member.name === 'n3' ? { ...member, peerUrls: ['https://10.88.0.3:2380'] } : member,
        ),
      })),
    outcome: 'done',
    harm: (bench) => !factsOf(bench).members.includes('10.88.0.2'),
  },
];

describe('the departure controller', () => {
  test.each(GUARDS)('$what', async (guard) => {
    const { bench, asked } = await run(guard, () => ({}));
    expect(guard.harm(bench, asked)).toBe(false);
    expect(isDone(bench, guard.departs) ? 'done' : waitOf(bench, guard.departs)).toBe(
      guard.outcome,
    );
  });

  test.each(GUARDS)('does harm when it $mutant', async (guard) => {
    const { bench, asked } = await run(guard, guard.blind);
    expect(guard.harm(bench, asked)).toBe(true);
  });

  test('keeps the member of a machine that was found dead and whose etcd answers', async () => {
    const bench = await departureBench(4, 3);
    await bench.judge(3, 'dead');
    await bench.ask(3, 'retire', 1);
    const hidden: Alter = ({ etcd, kube }) => ({
      etcd,
      kube: {
        ...kube,
        nodes: async () => (await kube.nodes()).filter(({ name }) => name !== 'n3'),
      },
    });
    await bench.agent(1, { alter: hidden }).work(() => false, 10_000);
    expect(waitOf(bench, 3)).toBe('contradiction');
    expect(factsOf(bench).members).toContain('10.88.0.3');
  });

  test('does not wait for Kubernetes to miss a machine that came back empty', async () => {
    const bench = await departureBench(4, 3);
    bench.bench.world.powerOff('n4');
    await bench.judge(4, 'suspect');
    const sponsor = bench.agent(1);
    await sponsor.work(() => false, 15_000);
    await bench.judge(4, 'dead');
    await comeBackEmpty(bench, 4, 5);
    await bench.ask(4, 'retire', 1);
    const before = bench.bench.clock.nowMs();
    await sponsor.work(() => isDone(bench, 4), ONE_MINUTE_MS);
    expect(isDone(bench, 4)).toBe(true);
    expect(bench.bench.clock.nowMs() - before).toBeLessThan(10_000);
  });

  test('does nothing while etcd has no quorum, and says so', async () => {
    const bench = await departureBench(4, 3);
    bench.bench.world.powerOff('n3');
    bench.bench.world.powerOff('n2');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.judge(3, 'dead');
    await bench.ask(3, 'retire', 1);
    const agent = bench.agent(1);
    expect(await agent.work(() => false, 30_000)).toEqual([]);
    expect(agent.acted).toEqual(['report']);
    expect(waitOf(bench, 3)).toBe('etcd-not-healthy');
  });
});

async function run(guard: Guard, blind: Alter) {
  const bench = await departureBench(4, 3);
  await guard.begin(bench);
  await bench.ask(guard.departs, guard.task, 1);
  const asked: string[] = [];
  const alter: Alter = (ports) => {
    const seen = { ...ports, ...blind(ports) };
    return { ...seen, ...recorded(asked)(seen) };
  };
  await bench.agent(1, { alter }).work(() => isDone(bench, guard.departs), ONE_MINUTE_MS);
  return { bench, asked };
}

/** Removals that etcd was asked for, whether it made them or not. */
function recorded(asked: string[]) {
  return ({ etcd }: HostPorts) => ({
    etcd: {
      ...etcd,
      removeMember: async (member: string) => {
        asked.push('remove-member');
        return etcd.removeMember(member);
      },
    },
  });
}

/** What was seen the first time, for ever. */
function firstLeases({ nodeLeases }: HostPorts['kube']): HostPorts['kube']['nodeLeases'] {
  let leases: ReturnType<typeof nodeLeases> | undefined;
  return () => {
    leases ??= nodeLeases();
    return leases;
  };
}

function sawHealth({ etcd }: HostPorts, change: (health: EtcdHealth) => EtcdHealth) {
  const health = async () => {
    const seen = await etcd.health();
    return seen && change(seen);
  };
  return { etcd: { ...etcd, health } };
}

function allHealthy({ members }: EtcdHealth, names = members.map(({ name }) => name)) {
  const [model] = members.flatMap(({ status }) => status ?? []);
  return members.map((member) =>
    model && names.includes(member.name)
      ? { ...member, status: { ...model, id: member.id, errors: [] } }
      : member,
  );
}

function isTainted({ cluster }: DepartureBench): boolean {
  const taints = cluster.nodes.get('n4')?.taints ?? [];
  return taints.some(({ key }) => key === 'node.kubernetes.io/out-of-service');
}

import { describe, expect, jest, test } from '@jest/globals';
import type { HostPorts } from '../../../src/ports/index.ts';
import type { AgentOptions } from '../../support/controller-agent.ts';
import {
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

/** Something happens while the snapshot is saved, once: after the decision, before the removal. */
function meanwhile(happen: (ports: HostPorts) => Promise<void>): Alter {
  let happened = false;
  return (ports) => ({
    etcd: {
      ...ports.etcd,
      snapshot: async (path) => {
        if (!happened) await happen(ports);
        happened = true;
        return ports.etcd.snapshot(path);
      },
    },
  });
}

interface Change {
  readonly what: string;
  readonly happen: (bench: DepartureBench, ports: HostPorts) => Promise<void>;
  /** Codes of errors, and what is waited for in the end. */
  readonly errors: readonly string[];
  readonly wait: string | undefined;
}

const CHANGES: readonly Change[] = [
  {
    what: 'another voter dies',
    happen: async ({ bench }) => bench.world.powerOff('n5'),
    errors: ['departure.quorum-at-risk'],
    wait: 'etcd-not-healthy',
  },
  {
    what: 'etcd runs out of space',
    happen: async ({ bench }) => bench.world.raiseAlarm('n2', 'NOSPACE'),
    errors: ['departure.quorum-at-risk'],
    wait: 'etcd-not-healthy',
  },
  {
    what: 'the node is to stay',
    happen: (bench) => bench.withdraw(3),
    errors: ['departure.not-asked'],
    wait: undefined,
  },
  {
    what: 'the node is suspected',
    happen: (bench) => bench.judge(3, 'suspect'),
    errors: ['departure.not-asked'],
    wait: 'liveness',
  },
  {
    what: 'the member gets the address of nobody',
    happen: async ({ cluster }, { etcd }) => {
      const third = cluster.etcd.members.find(({ name }) => name === 'n3');
      await etcd.updatePeerUrl(third?.id ?? '', 'https://10.88.0.33:2380');
    },
    errors: [],
    wait: 'contradiction',
  },
];

describe('a member stays in etcd when, after the snapshot and right before its removal,', () => {
  test.each(CHANGES)('$what', async ({ happen, errors, wait }) => {
    const bench = await departureBench(5, 5);
    bench.bench.world.powerOff('n4');
    await bench.pass(KUBERNETES_NOTICES_MS);
    await bench.ask(3, 'demote', 1);
    const before = factsOf(bench).members.length;
    const alter = meanwhile((ports) => happen(bench, ports));
    const met = await bench.agent(1, { alter }).work(() => false, 20_000);
    expect(met).toEqual(errors);
    expect(factsOf(bench).members).toHaveLength(before);
    expect(waitOf(bench, 3)).toBe(wait);
  });
});

test('a Node stays when its machine, found dead, beats again right before it is deleted', async () => {
  const bench = await departureBench(4, 3);
  bench.bench.world.powerOff('n4');
  await bench.pass(KUBERNETES_NOTICES_MS);
  await bench.judge(4, 'dead');
  await bench.ask(4, 'retire', 1);
  const alter: Alter = ({ kube }) => ({
    kube: {
      ...kube,
      nodeLeases: async () => {
        const leases = await kube.nodeLeases();
        if (isOutOfService(bench)) await revive(bench);
        return leases;
      },
    },
  });
  const errors = await bench.agent(1, { alter }).work(() => false, 20_000);
  expect(errors).toContain('departure.contradiction');
  expect([...bench.cluster.nodes.keys()]).toContain('n4');
  expect(waitOf(bench, 4)).toBe('contradiction');
  expect(isOutOfService(bench)).toBe(false);

  await bench.judge(4, 'alive');
  await bench.agent(1).work(() => isDone(bench, 4), ONE_MINUTE_MS);
  expect(factsOf(bench).nodes).not.toContain('n4 worker');
});

test('no eviction is asked for a pod that is on its way since it was read', async () => {
  const bench = await departureBench(3, 1);
  bench.bench.world.applyWorkload('n1', { kind: 'Deployment', name: 'web', replicas: 3 });
  await bench.pass(20_000);
  await bench.ask(3, 'retire', 1);
  const asked: string[] = [];
  let reads = 0;
  const alter: Alter = ({ kube }) => ({
    kube: {
      ...kube,
      podsOn: async (node) => {
        const pods = await kube.podsOn(node);
        reads += 1;
        if (reads === 2) for (const pod of pods) await kube.evict(pod);
        return pods;
      },
      evict: async (pod) => {
        asked.push(pod.name);
        return kube.evict(pod);
      },
    },
  });
  await bench.agent(1, { alter }).work(() => isDone(bench, 3), ONE_MINUTE_MS);
  expect({ asked, done: isDone(bench, 3) }).toEqual({ asked: [], done: true });
});

function isOutOfService({ cluster }: DepartureBench): boolean {
  const taints = cluster.nodes.get('n4')?.taints ?? [];
  return taints.some(({ key }) => key === 'node.kubernetes.io/out-of-service');
}

/** The machine comes back, and its kubelet beats. */
async function revive({ bench }: DepartureBench): Promise<void> {
  bench.world.boot('n4');
  await bench.clock.sleep(5_000);
}

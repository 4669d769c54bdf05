import { describe, expect, jest, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type { Observed, Sight } from '../../../src/controllers/host-upkeep/observed.ts';
import type { Ports } from '../../../src/ports/index.ts';
import type { Store } from '../../../src/ports/store.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import type { Order, OrderTask } from '../../../src/state/order.ts';
import type { Upkeep } from '../../../src/state/upkeep.ts';
import { assignment, id } from '../../support/controllers-entries.ts';
import {
  NEW,
  OLD,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(120_000);

const ONE_MINUTE_MS = 60_000;
/** What changes a host; the rest of its journal is what Kubernetes does by itself. */
const TOUCHES = ['operation.started', 'kubernetes.linked', 'service.changed', 'file.written'];

type Replace = NonNullable<UpkeepAgentOptions['replace']>;
type Mutant = (upkeep: UpkeepBench) => Replace;

interface Guard {
  readonly title: string;
  readonly number: number;
  readonly task: OrderTask;
  readonly order?: Partial<Order>;
  readonly arrange: (upkeep: UpkeepBench) => Promise<void>;
  /** What the order's node can not see. */
  readonly alter?: (upkeep: UpkeepBench) => Partial<Ports>;
  /** An agent that does not ask for the guard. */
  readonly mutant: Mutant;
}

const GUARDS: readonly Guard[] = [
  {
    title: 'no host is touched before it gave its pods away',
    number: 3,
    task: 'upgrade-kubelet',
    order: { drains: true },
    arrange: async (upkeep) => {
      await tellApiServers(upkeep, [NEW, NEW]);
      await upkeep.drain(3, 'draining');
    },
    mutant: believing({ isDrained: true }),
  },
  {
    title: 'a drain for another order is none for this one',
    number: 3,
    task: 'upgrade-kubelet',
    order: { drains: true },
    arrange: async (upkeep) => {
      await tellApiServers(upkeep, [NEW, NEW]);
      await upkeep.drain(3, 'drained');
      const order = upkeep.store.get('order', id(3))?.value;
      if (order) await upkeep.order(3, order.task, { drains: true, operationId: 'another-1' });
    },
    mutant: believing({ isDrained: true }),
  },
  {
    title: 'no kubelet becomes newer than the oldest API server (S7)',
    number: 3,
    task: 'upgrade-kubelet',
    arrange: (upkeep) => tellApiServers(upkeep, [NEW, OLD]),
    mutant: believing({ apiServers: [{ hostname: 'n1', version: NEW }] }),
  },
  {
    title: 'no kubelet becomes newer than an API server that nobody knows',
    number: 3,
    task: 'upgrade-kubelet',
    arrange: (upkeep) => tellApiServers(upkeep, [NEW]),
    mutant: believing({ apiServers: [{ hostname: 'n1', version: NEW }] }),
  },
  {
    title: 'nothing is done for what only an old copy of the log says (S17)',
    number: 2,
    task: 'upgrade-control-plane',
    arrange: async () => {},
    alter: ({ store }) => ({ store: unsynced(store) }),
    mutant: seeing((observed) => ({ ...observed, synced: true })),
  },
  {
    title: 'a leader of an earlier term is not obeyed (S10)',
    number: 2,
    task: 'upgrade-control-plane',
    order: { term: 4 },
    arrange: (upkeep) => obeyed(upkeep, 2, 5),
    mutant: seeing((observed) => ({ ...observed, obeyedTerm: 0 })),
  },
  {
    title: 'an order of a deposed leader is not obeyed',
    number: 2,
    task: 'upgrade-control-plane',
    order: { term: 1 },
    arrange: async ({ store }) => {
      const order = store.get('order', id(2))?.value;
      await store.set('leadership', SINGLETON, { nodeId: id(1), incarnation: 1 });
      if (order) await store.set('order', id(2), order);
    },
    mutant: seeing((observed) => ({ ...observed, isLate: false })),
  },
  {
    title: 'an order for an earlier life of the node is not obeyed',
    number: 2,
    task: 'upgrade-control-plane',
    order: { incarnation: 2 },
    arrange: async () => {},
    mutant: seeing((observed) => ({ ...observed, incarnation: 2 })),
  },
  {
    title: 'a node that is to leave is not upgraded on its way',
    number: 3,
    task: 'upgrade-kubelet',
    arrange: async (upkeep) => {
      await tellApiServers(upkeep, [NEW, NEW]);
      const retirement = { task: 'retire', role: 'spare', operationId: 'retire-3' } as const;
      await upkeep.store.set('assignment', id(3), assignment(3, retirement));
    },
    mutant: goingByFormerAssignment,
  },
  {
    title: 'no member of etcd is stopped while another one is silent',
    number: 2,
    task: 'upgrade-control-plane',
    arrange: async ({ bench }) => void bench.world.powerOff('n1'),
    mutant: believing({ etcdTrouble: null }),
  },
  {
    title: 'nothing begins while a boot has set parts of the host aside',
    number: 3,
    task: 'upgrade-kubelet',
    arrange: async (upkeep) => {
      await tellApiServers(upkeep, [NEW, NEW]);
      const { files } = upkeep.bench.host(2).ports;
      await files.write('/etc/kubernetes/civitas-parked/kubelet.conf', 'parked', 0o600);
    },
    mutant: believing({ isParked: false }),
  },
];

describe('a guard', () => {
  test.each(GUARDS)('holds, and an agent without it is found out: $title', async (guard) => {
    expect(await touches(guard, () => (controller) => controller)).toEqual([]);
    expect(await touches(guard, guard.mutant)).not.toEqual([]);
  });
});

async function touches(guard: Guard, mutant: Mutant): Promise<readonly string[]> {
  const { number, task, order, arrange, alter } = guard;
  const upkeep = await upkeepBench(3, 2);
  await upkeep.order(number, task, order);
  await arrange(upkeep);
  const { journal } = upkeep.bench.world.state;
  const from = journal.length;
  const options: UpkeepAgentOptions = {
    ...(alter && { alter: () => alter(upkeep) }),
    replace: mutant(upkeep),
  };
  await upkeep.agent(number, options).work(() => false, ONE_MINUTE_MS);
  return journal
    .slice(from)
    .filter(({ host, event }) => host === `n${number}` && TOUCHES.includes(event))
    .map(({ event, detail }) => `${event} ${detail}`);
}

/** An agent that sees what is not so. */
function seeing(change: (observed: Observed) => Observed): Mutant {
  return () => (controller) => ({
    ...controller,
    decide: (observed) => decide(change(observed)),
  });
}

function believing(change: Partial<Sight>): Mutant {
  return seeing((observed) =>
    observed.sight ? { ...observed, sight: { ...observed.sight, ...change } } : observed,
  );
}

function goingByFormerAssignment({ store }: UpkeepBench): Replace {
  return (controller) => ({
    ...controller,
    async observe(ports) {
      const present = store.get('assignment', id(3))?.value;
      await store.set('assignment', id(3), assignment(3));
      const observed = await controller.observe(ports);
      if (present) await store.set('assignment', id(3), present);
      return observed;
    },
  });
}

/** What the control planes say of themselves, in the order of their numbers. */
async function tellApiServers({ store }: UpkeepBench, versions: readonly string[]): Promise<void> {
  for (const [index, apiServer] of versions.entries()) {
    const parts = {
      kubelet: OLD,
      apiServer,
      controllerManager: apiServer,
      scheduler: apiServer,
      etcd: '3.6.5',
      cluster: NEW,
    };
    const upkeep: Upkeep = {
      nodeId: id(index + 1),
      incarnation: 1,
      parts,
      prepared: [],
      configurationDigest: null,
      work: null,
    };
    await store.set('upkeep', id(index + 1), upkeep);
  }
}

async function obeyed(upkeep: UpkeepBench, number: number, term: number): Promise<void> {
  const order = upkeep.store.get('order', id(number))?.value;
  await upkeep.order(number, 'upgrade-control-plane', { term, drains: true, operationId: 'x-1' });
  await upkeep.agent(number).work(() => false, 3_000);
  if (order) await upkeep.store.set('order', id(number), order);
}

/** The same log, from a copy that may be of any age. */
function unsynced(store: UpkeepBench['store']): Store {
  return {
    synced: false,
    get: (kind, key) => store.get(kind, key),
    list: (kind) => store.list(kind),
    put: (kind, key, value, ifRevision) => store.put(kind, key, value, ifRevision),
    remove: (kind, key) => store.remove(kind, key),
    onChange: () => store.onChange(),
  };
}

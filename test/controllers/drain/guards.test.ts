import { describe, expect, jest, test } from '@jest/globals';
import type { Ports } from '../../../src/ports/index.ts';
import type { Kube } from '../../../src/ports/kube.ts';
import type { AgentOptions } from '../../support/controller-agent.ts';
import { id } from '../../support/controllers-entries.ts';
import { type DrainBench, drainBench } from '../../support/drain-bench.ts';
import { type Sees, seenStore } from '../../support/seen-store.ts';

jest.setTimeout(60_000);

const ONE_MINUTE_MS = 60_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;

/** A situation in which one guard is all that stands between the sponsor and harm. */
interface Guard {
  readonly what: string;
  /** What the sponsor is blind for in the mutant. */
  readonly mutant: string;
  readonly begin: (bench: DrainBench) => Promise<void>;
  /** What the sponsor sees rightly. */
  readonly sees?: (bench: DrainBench) => Partial<Ports>;
  readonly blind: (bench: DrainBench, kube: Kube) => Partial<Ports>;
  readonly harm: (bench: DrainBench, refused: readonly string[]) => boolean;
}

const isCordoned = ({ cluster }: DrainBench, name: string) =>
  cluster.nodes.get(name)?.unschedulable === true;

function budget({ bench }: DrainBench, minAvailable: number): void {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  bench.world.applyBudget('n1', { namespace: 'default', name: 'web', selector, minAvailable });
}

function withStore({ store }: DrainBench, sees: Sees, synced = true): Partial<Ports> {
  return { store: seenStore(store, sees, synced) };
}

const asItIs: Sees = (entry) => entry;

const GUARDS: readonly Guard[] = [
  {
    what: 'no cordon before every budget lets its pods go some day',
    mutant: 'does not look at budgets',
    begin: async (bench) => {
      budget(bench, 3);
      await bench.order(5);
    },
    blind: (_, kube) => ({ kube: { ...kube, disruptionBudgets: async () => [] } }),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no eviction that a budget forbids',
    mutant: 'takes every budget for one that allows all',
    begin: async (bench) => {
      budget(bench, 2);
      bench.bench.world.applyWorkload('n1', { ...WEB, replicas: 6 });
      await bench.pass(20_000);
      budget(bench, 5);
      await bench.order(5);
    },
    blind: (_, kube) => ({
      kube: {
        ...kube,
        disruptionBudgets: async () =>
          (await kube.disruptionBudgets()).map((each) => ({ ...each, disruptionsAllowed: 99 })),
      },
    }),
    harm: (_, refused) => refused.length > 0,
  },
  {
    what: 'a cordon of people stays',
    mutant: 'takes every cordon for its own',
    begin: async (bench) => {
      await bench.bench.host(0).ports.kube.setUnschedulable('n5', true);
      await bench.order(5);
      await bench.agent(1).work(() => bench.drainOf(5)?.state === 'drained', ONE_MINUTE_MS);
      await bench.removeOrder(5);
    },
    blind: (_, kube) => ({
      kube: {
        ...kube,
        nodeMarks: async (name) => {
          const marks = await kube.nodeMarks(name);
          const labels = { 'civitas.dev/cordoned-for': `upgrade-kubelet-${id(5)}-1` };
          return marks && { ...marks, labels };
        },
      },
    }),
    harm: (bench) => !isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain by anybody but the sponsor of the order',
    mutant: 'takes every order for its own',
    begin: (bench) => bench.order(5, { sponsor: id(2) }),
    blind: (bench) =>
      withStore(bench, (entry) =>
        entry.kind === 'order' ? { ...entry, value: { ...entry.value, sponsor: id(1) } } : entry,
      ),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain by a copy of the log that may be any age',
    mutant: 'takes its copy for the log',
    begin: (bench) => bench.order(5),
    sees: (bench) => withStore(bench, asItIs, false),
    blind: (bench) => withStore(bench, asItIs),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain by an order that a deposed leader wrote late',
    mutant: 'does not know who leads',
    begin: async (bench) => {
      const leads = { nodeId: id(1), incarnation: 1 };
      const term = await bench.store.set('leadership', 'current', leads);
      await bench.order(5, { term: term - 1 });
    },
    blind: (bench) =>
      withStore(bench, (entry) => (entry.kind === 'leadership' ? undefined : entry)),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain for an order that the leader wants back',
    mutant: 'does not see that it is wanted back',
    begin: (bench) => bench.order(5, { recalled: true }),
    blind: (bench) =>
      withStore(bench, (entry) =>
        entry.kind === 'order'
          ? { ...entry, value: { ...entry.value, recalled: undefined } }
          : entry,
      ),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain of a former life of the node',
    mutant: 'does not compare incarnations',
    begin: (bench) => bench.order(5, { incarnation: 2 }),
    blind: (bench) =>
      withStore(bench, (entry) =>
        entry.kind === 'order' ? { ...entry, value: { ...entry.value, incarnation: 1 } } : entry,
      ),
    harm: (bench) => isCordoned(bench, 'n5'),
  },
  {
    what: 'no drain of the last control plane that serves',
    mutant: 'takes every control plane for one that lives',
    begin: async (bench) => {
      await bench.judge(1, 'suspect');
      await bench.judge(3, 'dead');
      await bench.order(2);
    },
    blind: (bench) =>
      withStore(bench, (entry) =>
        entry.kind === 'liveness'
          ? { ...entry, value: { ...entry.value, verdict: 'alive' } }
          : entry,
      ),
    harm: (bench) => isCordoned(bench, 'n2'),
  },
  {
    what: 'no second cordon beside one that nobody asks for any more',
    mutant: 'does not know of earlier drains',
    begin: async (bench) => {
      await bench.order(4, { sponsor: id(2) });
      await bench.agent(2).work(() => bench.drainOf(4)?.state === 'drained', ONE_MINUTE_MS);
      await bench.removeOrder(4);
      await bench.order(5);
    },
    blind: (bench) =>
      withStore(bench, (entry) =>
        entry.kind === 'drain' && entry.key === id(4) ? undefined : entry,
      ),
    harm: (bench) => isCordoned(bench, 'n5') && isCordoned(bench, 'n4'),
  },
];

describe('the drain controller', () => {
  test.each(GUARDS)('$what', async (guard) => {
    const { bench, refused } = await run(guard, guard.sees ?? (() => ({})));
    expect(guard.harm(bench, refused)).toBe(false);
  });

  test.each(GUARDS)('does harm when it $mutant', async (guard) => {
    const { bench, refused } = await run(guard, guard.blind);
    expect(guard.harm(bench, refused)).toBe(true);
  });
});

async function run(guard: Guard, blind: Guard['blind']) {
  const bench = await drainBench(5, 3);
  bench.bench.world.applyWorkload('n1', WEB);
  await bench.pass(20_000);
  await guard.begin(bench);
  const refused: string[] = [];
  const alter: NonNullable<AgentOptions['alter']> = ({ kube }) => {
    const seen = { kube, ...blind(bench, kube) };
    return { ...seen, kube: recording(seen.kube, refused) };
  };
  await bench.agent(1, { alter }).work(() => false, 20_000);
  return { bench, refused };
}

/** Evictions that the API server did not make. */
function recording(kube: Kube, refused: string[]): Kube {
  return {
    ...kube,
    evict: async (pod) => {
      const eviction = await kube.evict(pod);
      if (eviction.outcome === 'refused') refused.push(pod.name);
      return eviction;
    },
  };
}

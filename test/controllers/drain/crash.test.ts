import { describe, expect, jest, test } from '@jest/globals';
import type { AgentOptions } from '../../support/controller-agent.ts';
import { factsOf } from '../../support/departure-bench.ts';
import { type DrainBench, drainBench, TARGET } from '../../support/drain-bench.ts';

jest.setTimeout(240_000);

const TEN_MINUTES_MS = 600_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;

interface Ending {
  readonly what: string;
  /** What becomes of the order once the node is empty. */
  readonly end: (bench: DrainBench) => Promise<void>;
}

const ENDINGS: readonly Ending[] = [
  {
    what: 'and the upgrade is done',
    end: async (bench) => {
      const node = bench.cluster.nodes.get('n5');
      if (node) node.kubeletVersion = TARGET;
      await bench.report(5, 'done');
    },
  },
  { what: 'and the upgrade fails', end: (bench) => bench.report(5, 'failed') },
  { what: 'and the order is taken away', end: (bench) => bench.removeOrder(5) },
];

async function run({ end }: Ending, dies: AgentOptions['dies']) {
  const bench = await drainBench(5, 3);
  bench.bench.world.applyWorkload('n1', WEB);
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const budget = { namespace: 'default', name: 'web', selector, minAvailable: 2 };
  bench.bench.world.applyBudget('n1', budget);
  await bench.pass(20_000);
  await bench.order(5);
  const first = bench.agent(1, dies ? { dies } : {});
  const second = bench.agent(2);
  const errors: string[] = [];

  /** Goes on with another sponsor once the first one is dead. */
  async function until(state: 'drained' | 'released'): Promise<void> {
    const over = () => bench.drainOf(5)?.state === state;
    errors.push(...(await first.work(over, TEN_MINUTES_MS)));
    if (!first.isDead()) return;
    await bench.judge(1, 'dead');
    const standing = bench.store.get('order', bench.store.list('node')[4]?.key ?? '');
    if (standing) await bench.order(5, { sponsor: bench.store.list('node')[1]?.key ?? null });
    errors.push(...(await second.work(over, TEN_MINUTES_MS)));
  }

  await until('drained');
  await end(bench);
  await until('released');
  return {
    actions: first.acted.length,
    errors: errors.filter((code) => code !== 'test.killed'),
    facts: factsOf(bench),
    labels: bench.cluster.nodes.get('n5')?.labels,
    state: bench.drainOf(5)?.state,
  };
}

describe('a sponsor that dies at any one of its actions leaves the rest to another one', () => {
  test.each(ENDINGS)('$what', async (ending) => {
    const { actions, ...undisturbed } = await run(ending, undefined);
    expect(undisturbed).toMatchObject({ errors: [], state: 'released' });
    expect(actions).toBeGreaterThan(5);
    const failures: unknown[] = [];
    for (let action = 1; action <= actions; action += 1) {
      for (const when of ['before', 'after'] as const) {
        const { actions: _, ...outcome } = await run(ending, { action, when });
        if (JSON.stringify(outcome) !== JSON.stringify(undisturbed))
          failures.push({ action, when, outcome });
      }
    }
    expect(failures).toEqual([]);
  });
});

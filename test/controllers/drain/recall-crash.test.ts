import { expect, jest, test } from '@jest/globals';
import type { AgentOptions } from '../../support/controller-agent.ts';
import { id } from '../../support/controllers-entries.ts';
import { factsOf } from '../../support/departure-bench.ts';
import { drainBench } from '../../support/drain-bench.ts';

jest.setTimeout(120_000);

const ONE_MINUTE_MS = 60_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;
const RECALLED = { recalled: true } as const;

/** A node was cordoned, no budget lets its pods go, and the leader wants the order back. */
async function run(dies: AgentOptions['dies']) {
  const bench = await drainBench(5, 3);
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const budget = { namespace: 'default', name: 'web', selector };
  bench.bench.world.applyWorkload('n1', WEB);
  await bench.pass(20_000);
  await bench.order(5);
  const isCordoned = () => bench.cluster.nodes.get('n5')?.unschedulable === true;
  await bench.agent(1).work(isCordoned, ONE_MINUTE_MS);
  bench.bench.world.applyBudget('n1', { ...budget, minAvailable: 3 });

  await bench.order(5, RECALLED);
  const first = bench.agent(1, dies ? { dies } : {});
  const isOver = () => bench.drainOf(5)?.state === 'released';
  await first.work(isOver, ONE_MINUTE_MS);
  if (first.isDead()) {
    await bench.judge(1, 'dead');
    await bench.order(5, { ...RECALLED, sponsor: id(2) });
    await bench.agent(2).work(isOver, ONE_MINUTE_MS);
  }
  return {
    actions: first.acted.length,
    outcome: { nodes: factsOf(bench).nodes, state: bench.drainOf(5)?.state },
  };
}

test('a sponsor that dies at any action while it lets a node off leaves the rest to another one', async () => {
  const { actions, outcome } = await run(undefined);
  expect(outcome.state).toBe('released');
  expect(actions).toBeGreaterThan(1);
  for (let action = 1; action <= actions; action += 1) {
    for (const when of ['before', 'after'] as const) {
      const died = await run({ action, when });
      expect({ action, when, ...died.outcome }).toEqual({ action, when, ...outcome });
    }
  }
});

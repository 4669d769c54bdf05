import { afterAll, describe, expect, test } from '@jest/globals';
import { startWholeCluster, type WholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { changeCounter, killFor } from '../../support/whole-cluster-kills.ts';
import { createTimes } from '../../support/whole-cluster-times.ts';
import { untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';
import { regressionsOf } from './regressions.ts';

const TIMEOUT_MS = 600_000;
const PAUSE_MS = 2_000;

const times = createTimes('crash between actions');
afterAll(times.print);

/** Forms a cluster whose agents make all their changes but one: at that one, its agent dies. */
async function form(nodes: number, seed: number, crashAt: number) {
  let cluster: WholeCluster | undefined;
  const counter = changeCounter((count, agent) => {
    if (count === crashAt && cluster) void killFor(cluster, agent, PAUSE_MS);
  });
  const spec = { controlPlanes: nodes < 3 ? 1 : 3 } as const;
  const formed = startWholeCluster({ nodes, seed, spec, witness: counter.witness });
  cluster = formed;
  await times.measure(`nodes ${nodes}, change ${crashAt}`, () => untilWhole(formed));
  await untilTidy(formed);
  formed.end();
  return { cluster: formed, changes: counter.count() };
}

/** Crashes right before each `step`-th change that agents make outside themselves. */
async function failuresOf(nodes: number, seed: number, step: number) {
  const undisturbed = await form(nodes, seed, 0);
  const failures: unknown[] = [];
  for (let crashAt = 1; crashAt <= undisturbed.changes; crashAt += step) {
    const { cluster } = await form(nodes, seed, crashAt);
    const [facts, whole] = [factsOf(cluster), wholeFacts(cluster)];
    const same = JSON.stringify(facts) === JSON.stringify(whole) && facts.inits.length === 1;
    if (!same) failures.push({ nodes, seed, crashAt, facts });
  }
  return { failures, changes: undisturbed.changes };
}

describe('an agent that dies between any two actions', () => {
  test.each([
    { nodes: 2, step: 1, what: 'an init and the join of a worker, every change' },
    { nodes: 3, step: 6, what: 'an init and two joins of control planes, every sixth change' },
  ])(
    'goes on from what it finds: $what',
    async ({ nodes, step }) => {
      const { failures, changes } = await failuresOf(nodes, 1, step);
      expect(failures).toEqual([]);
      expect(changes).toBeGreaterThan(40);
    },
    TIMEOUT_MS,
  );

  test(
    'goes on where once it did not',
    async () => {
      for (const { nodes, seed } of regressionsOf('crash-between-actions')) {
        expect((await failuresOf(nodes, seed, 1)).failures).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});

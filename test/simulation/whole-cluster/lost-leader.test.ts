import { describe, expect, test } from '@jest/globals';
import type { Assignment } from '../../../src/state/assignment.ts';
import { startWholeCluster, type WholeCluster } from '../../support/whole-cluster.ts';
import type { WholeClusterAgent } from '../../support/whole-cluster-agent.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { killFor } from '../../support/whole-cluster-kills.ts';
import { untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';

const TIMEOUT_MS = 120_000;
/** Longer than it takes to hold an agent for dead and to take over from it. */
const LONG_MS = 90_000;

/** Calls back once, at the moment the log has the assignment of that number. */
function atAssignment(
  { store }: WholeCluster,
  number: number,
  callback: (assignment: Assignment) => void,
): void {
  let count = 0;
  store.onChange((kind, key) => {
    const assignment = kind === 'assignment' && store.get(kind, key)?.value;
    if (!assignment) return;
    count += 1;
    if (count === number) callback(assignment);
  });
}

async function expectWhole(cluster: WholeCluster): Promise<void> {
  await untilWhole(cluster);
  await untilTidy(cluster);
  cluster.end();
  const { journal } = cluster.world.state;
  const names = cluster.agents.map(({ hostname }) => hostname);
  expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
  expect([...startsOf(journal, / kubeadm (init|join) /)].sort()).toEqual(names);
  expect(cluster.store.list('operation')).toHaveLength(names.length);
}

function agentOf({ agents }: WholeCluster, nodeId: string | null): WholeClusterAgent {
  const agent = agents.find(({ node }) => node.nodeId === nodeId);
  if (!agent) throw new Error(`nobody is ${nodeId}`);
  return agent;
}

describe('a leader that dies right after it assigned', () => {
  test.each([1, 2, 3])(
    'leaves an assignment that is carried out once, also when it comes back: number %i',
    async (number) => {
      const cluster = startWholeCluster({ nodes: 3, seed: number });
      atAssignment(cluster, number, () => {
        const leader = cluster.leader();
        if (leader) void killFor(cluster, leader, LONG_MS);
      });
      await expectWhole(cluster);
    },
    TIMEOUT_MS,
  );
});

describe('a sponsor whose agent dies', () => {
  test(
    'as soon as the join began leaves it to kubeadm, and nothing behind once it is back',
    async () => {
      for (const seed of [1, 2, 3]) {
        const cluster = startWholeCluster({ nodes: 3, seed });
        const forget = cluster.world.onChange(({ event, host, detail }) => {
          if (event !== 'operation.started' || !detail.includes(' kubeadm join ')) return;
          forget();
          const { nodeId } = cluster.agent(host).node;
          const sponsor = cluster.store.get('assignment', nodeId)?.value.sponsor ?? null;
          void killFor(cluster, agentOf(cluster, sponsor), LONG_MS);
        });
        await expectWhole(cluster);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'before it handed anything over is replaced by another control plane',
    async () => {
      for (const seed of [1, 2, 3]) {
        const cluster = startWholeCluster({ nodes: 3, seed });
        await untilWhole(cluster);
        atAssignment(cluster, 1, ({ sponsor }) => {
          void killFor(cluster, agentOf(cluster, sponsor), 10 * LONG_MS);
        });
        const { node } = cluster.addMachine();
        const serves = () =>
          cluster.store.get('status', node.nodeId)?.value.kubernetes.nodeReady === true;
        await cluster.clock.runUntil(serves, LONG_MS);
        await cluster.clock.advance(10 * LONG_MS);
        await expectWhole(cluster);
      }
    },
    TIMEOUT_MS,
  );
});

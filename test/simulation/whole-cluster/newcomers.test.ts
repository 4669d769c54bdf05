import { expect, test } from '@jest/globals';
import { startWholeCluster, type WholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { revisionsOf, untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';

const TIMEOUT_MS = 120_000;
/** What the others need to do for a newcomer. */
const NEIGHBOURLY = ['route.added', 'token.created', 'token.deleted'];
const OF_ONE_NODE = ['assignment', 'operation', 'status', 'node', 'liveness'] as const;

function eventsOnOthers({ world }: WholeCluster, others: readonly string[], fromEntry: number) {
  const later = world.state.journal.slice(fromEntry).filter(({ host }) => others.includes(host));
  return [...new Set(later.map(({ event }) => event))].sort();
}

test(
  'machines that come later join as workers, and change nothing of those who were there',
  async () => {
    for (const seed of [1, 2, 3]) {
      const cluster = startWholeCluster({ nodes: 3, seed });
      await untilWhole(cluster);
      await untilTidy(cluster);
      await cluster.clock.advance(60_000);
      const others = cluster.agents.map(({ hostname }) => hostname);
      const entries = revisionsOf(cluster, OF_ONE_NODE);
      const { length } = cluster.world.state.journal;

      cluster.addMachine();
      await cluster.clock.advance(3_000);
      cluster.addMachine();
      expect(await untilWhole(cluster)).toBeLessThan(15_000);
      await untilTidy(cluster);
      cluster.end();

      expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
      expect(factsOf(cluster).members).toHaveLength(3);
      expect(startsOf(cluster.world.state.journal, / kubeadm join /).slice(2)).toEqual([
        'n4',
        'n5',
      ]);
      expect(revisionsOf(cluster, OF_ONE_NODE)).toEqual(expect.arrayContaining([...entries]));
      expect(eventsOnOthers(cluster, others, length)).toEqual(NEIGHBOURLY);
    }
  },
  TIMEOUT_MS,
);

test(
  'a second and a third machine make the only control plane three',
  async () => {
    const cluster = startWholeCluster({ nodes: 1, seed: 4, spec: { controlPlanes: 3 } });
    await cluster.clock.advance(30_000);
    expect(factsOf(cluster).members).toHaveLength(1);

    cluster.addMachine();
    await cluster.clock.advance(30_000);
    expect(factsOf(cluster).members).toHaveLength(1);

    cluster.addMachine();
    await untilWhole(cluster);
    await untilTidy(cluster);
    cluster.end();
    expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
    expect(factsOf(cluster).members).toHaveLength(3);
  },
  TIMEOUT_MS,
);

test(
  'a machine that was off while others came knows them once it is back',
  async () => {
    const cluster = startWholeCluster({ nodes: 3, seed: 5, connectsWithinMs: 20_000 });
    await untilWhole(cluster);
    await untilTidy(cluster);
    cluster.powerOff('n2');
    await cluster.clock.advance(60_000);
    const newcomers = [cluster.addMachine(), cluster.addMachine()];
    await cluster.clock.advance(60_000);
    cluster.boot('n2');
    await untilWhole(cluster);
    await untilTidy(cluster);
    cluster.end();

    expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
    const { journal } = cluster.world.state;
    const names = newcomers.map(({ hostname }) => hostname);
    expect(
      startsOf(journal, / kubeadm join /)
        .slice(2)
        .sort(),
    ).toEqual(names);
  },
  TIMEOUT_MS,
);

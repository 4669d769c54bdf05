import { afterAll, describe, expect, test } from '@jest/globals';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { createTimes } from '../../support/fleet-times.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const SEEDS = [1, 2];

const times = createTimes('formation');
afterAll(times.print);

/** Lets a cluster form, and expects of it everything that makes one whole. */
async function form(options: FleetOptions) {
  const fleet = startFleet(options);
  await times.measure(`nodes ${options.nodes}, seed ${options.seed}`, () => untilWhole(fleet));
  const wholeAtMs = fleet.clock.nowMs();
  await untilTidy(fleet);
  fleet.end();
  expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
  expect(clustersKnownTo(fleet)).toBe(1);
  return { fleet, wholeAtMs };
}

function clustersKnownTo({ machines }: Fleet): number {
  const ids = machines.map((machine) => machine.agent()?.formation.record()?.clusterId);
  return new Set(ids).size;
}

/** How long the log did not say yet that the first Node was Ready. */
function untoldMs({ recorder }: Fleet): number {
  const { entries } = recorder.trace();
  const ready = entries.find(
    (entry) => entry.type === 'kubernetes.nodes' && entry.nodes.some((node) => node.ready),
  );
  const told = entries.find(
    (entry) =>
      entry.type === 'log.committed' && JSON.stringify(entry.value)?.includes('"nodeReady":true'),
  );
  if (!ready || !told) throw new RangeError('no Node became Ready');
  return told.atMs - ready.atMs;
}

describe('empty machines with one token', () => {
  test.each([
    { nodes: 1, controlPlanes: 1, withinMs: 17_000 },
    { nodes: 2, controlPlanes: 1, withinMs: 35_000 },
    { nodes: 3, controlPlanes: 3, withinMs: 45_000 },
    { nodes: 5, controlPlanes: 3, withinMs: 45_000 },
    { nodes: 7, controlPlanes: 3, withinMs: 45_000 },
  ] as const)(
    'become one whole cluster: $nodes of them, $controlPlanes control planes',
    async ({ nodes, controlPlanes, withinMs }) => {
      for (const seed of SEEDS) {
        const { fleet, wholeAtMs } = await form({ nodes, seed, spec: { controlPlanes } });
        expect(factsOf(fleet).members).toHaveLength(controlPlanes);
        expect(wholeAtMs).toBeLessThan(withinMs);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'go through no kubeadm twice and through no reset when nothing fails',
    async () => {
      const { fleet } = await form({ nodes: 5, seed: 11 });
      const { journal } = fleet.world.state;
      const names = fleet.machines.map(({ hostname }) => hostname);
      expect([...startsOf(journal, / kubeadm (init|join) /)].sort()).toEqual(names);
      expect(startsOf(journal, / kubeadm reset /)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'become the whole cluster of the size that was asked for, the others stand by',
    async () => {
      const { fleet } = await form({ nodes: 5, seed: 1, spec: { size: 4 } });
      expect(factsOf(fleet).members).toHaveLength(3);
      expect(factsOf(fleet).nodes).toHaveLength(4);
    },
    TIMEOUT_MS,
  );

  test(
    'are whole soon after the last of them was switched on',
    async () => {
      for (const seed of SEEDS) {
        const { wholeAtMs } = await form({ nodes: 5, seed, startWithinMs: 20_000 });
        expect(wholeAtMs).toBeLessThan(60_000);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'tell within seconds of a Node that becomes Ready when its kubeadm is done already',
    async () => {
      for (const seed of SEEDS) {
        const { fleet } = await form({ nodes: 1, seed, spec: { controlPlanes: 1 } });
        expect(untoldMs(fleet)).toBeLessThan(2_500);
      }
    },
    TIMEOUT_MS,
  );
});

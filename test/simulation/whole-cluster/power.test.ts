import { describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { revisionsOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
/** What the log says of nodes for good: who leads may change, and who is off before others is suspect meanwhile. */
const LASTING = ['spec', 'node', 'assignment', 'operation', 'status'] as const;

/** Calls back for every machine, in an order and at moments that the seed draws. */
async function eachWithin(
  { machines, clock }: Fleet,
  { withinMs, seed }: { readonly withinMs: number; readonly seed: number },
  what: (machine: Machine) => void,
): Promise<void> {
  const random = createSeededRandom(seed);
  for (const machine of machines) {
    void clock.sleep(random.number() * withinMs).then(() => what(machine));
  }
  await clock.advance(withinMs);
}

function apiServers({ world }: Fleet): number {
  return [...world.state.hosts.values()].filter(({ runtime }) => runtime?.apiServerReady).length;
}

describe('a cluster whose machines all lost their power', () => {
  test.each([
    { nodes: 1, seed: 1 },
    { nodes: 3, seed: 2 },
    { nodes: 5, seed: 3 },
    { nodes: 5, seed: 4 },
  ])(
    'is the same cluster when they are back, in any order: $nodes nodes, seed $seed',
    async ({ nodes, seed }) => {
      const controlPlanes = nodes < 3 ? 1 : 3;
      const fleet = startFleet({ nodes, seed, spec: { controlPlanes } });
      await untilWhole(fleet);
      await untilTidy(fleet);
      await fleet.clock.advance(ONE_MINUTE_MS);
      const entries = revisionsOf(fleet, LASTING);
      const commands = startsOf(fleet.world.state.journal, / kubeadm /);

      await eachWithin(fleet, { withinMs: 10_000, seed }, (machine) => machine.powerOff());
      await fleet.clock.advance(ONE_MINUTE_MS);
      await eachWithin(fleet, { withinMs: 10_000, seed: seed + 1 }, (machine) => machine.boot());
      await fleet.clock.runUntil(() => fleet.leader() !== undefined, 10_000);
      await fleet.clock.runUntil(() => apiServers(fleet) === controlPlanes, ONE_MINUTE_MS);
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      fleet.end();

      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(revisionsOf(fleet, LASTING)).toEqual(entries);
      expect(startsOf(fleet.world.state.journal, / kubeadm /)).toEqual(commands);
    },
    TIMEOUT_MS,
  );

  test(
    'becomes whole when the power fails in the middle of the formation',
    async () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const fleet = startFleet({ nodes: 3, seed });
        await fleet.clock.advance(5_000 * seed);
        for (const machine of fleet.machines) machine.powerOff();
        await fleet.clock.advance(5_000);
        await eachWithin(fleet, { withinMs: 5_000, seed }, (machine) => machine.boot());
        await untilWhole(fleet, 10 * ONE_MINUTE_MS);
        await untilTidy(fleet);
        fleet.end();

        const { inits, ...facts } = factsOf(fleet);
        const { inits: _, ...whole } = wholeFacts(fleet);
        expect(facts).toEqual(whole);
        expect(new Set(inits).size).toBe(1);
      }
    },
    TIMEOUT_MS,
  );
});

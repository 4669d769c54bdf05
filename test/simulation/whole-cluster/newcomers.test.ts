import { expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { USUAL_RETRY } from '../../../src/state/join-retry.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { revisionsOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
/** What the others need to do for a newcomer. */
const NEIGHBOURLY = ['route.added', 'token.created', 'token.deleted'];
const OF_ONE_NODE = ['assignment', 'operation', 'status', 'node', 'liveness'] as const;

function eventsOnOthers({ world }: Fleet, others: readonly string[], fromEntry: number) {
  const later = world.state.journal.slice(fromEntry).filter(({ host }) => others.includes(host));
  return [...new Set(later.map(({ event }) => event))].sort();
}

test(
  'machines that come later join as workers, and change nothing of those who were there',
  async () => {
    for (const seed of [1, 2, 3]) {
      const fleet = startFleet({ nodes: 3, seed });
      await untilWhole(fleet);
      await untilTidy(fleet);
      await fleet.clock.advance(60_000);
      const others = fleet.machines.map(({ hostname }) => hostname);
      const entries = revisionsOf(fleet, OF_ONE_NODE);
      const { length } = fleet.world.state.journal;

      fleet.addMachine();
      await fleet.clock.advance(3_000);
      fleet.addMachine();
      expect(await untilWhole(fleet)).toBeLessThan(15_000);
      await untilTidy(fleet);
      fleet.end();

      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(factsOf(fleet).members).toHaveLength(3);
      expect(startsOf(fleet.world.state.journal, / kubeadm join /).slice(2)).toEqual(['n4', 'n5']);
      expect(revisionsOf(fleet, OF_ONE_NODE)).toEqual(expect.arrayContaining([...entries]));
      expect(eventsOnOthers(fleet, others, length)).toEqual(NEIGHBOURLY);
    }
  },
  TIMEOUT_MS,
);

test(
  'a second and a third machine make the only control plane three',
  async () => {
    const fleet = startFleet({ nodes: 1, seed: 4, spec: { controlPlanes: 3 } });
    await fleet.clock.advance(30_000);
    expect(factsOf(fleet).members).toHaveLength(1);

    fleet.addMachine();
    await fleet.clock.advance(30_000);
    expect(factsOf(fleet).members).toHaveLength(1);

    fleet.addMachine();
    await untilWhole(fleet);
    await untilTidy(fleet);
    fleet.end();
    expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    expect(factsOf(fleet).members).toHaveLength(3);
  },
  TIMEOUT_MS,
);

test(
  'a machine that was off while others came knows them once it is back and reaches the log',
  async () => {
    const replacement = { graceSeconds: 3_600, policy: 'auto', promotion: 'in-place' } as const;
    const spec = { replacement: { ...replacement, retry: USUAL_RETRY } };
    const fleet = startFleet({ nodes: 3, seed: 5, spec });
    await untilWhole(fleet);
    await untilTidy(fleet);
    const others = fleet.machines.filter(({ hostname }) => hostname !== 'n2');
    fleet.machine('n2').powerOff();
    await fleet.clock.advance(60_000);
    const newcomers = [fleet.addMachine(), fleet.addMachine()];
    await fleet.clock.advance(60_000);
    fleet.machine('n2').boot();
    for (const { hostname } of others) fleet.world.cut('n2', hostname);
    await fleet.clock.advance(20_000);
    fleet.world.heal();
    await untilWhole(fleet);
    await untilTidy(fleet);
    fleet.end();

    expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    const { journal } = fleet.world.state;
    const names = newcomers.map(({ hostname }) => hostname);
    expect(
      startsOf(journal, / kubeadm join /)
        .slice(2)
        .sort(),
    ).toEqual(names);
  },
  TIMEOUT_MS,
);

import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const GRACE_SECONDS = 10;
const { replacement } = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });
const impatient = { replacement: { ...replacement, graceSeconds: GRACE_SECONDS } };

function roleOf(fleet: Fleet, machine: Machine): string | undefined {
  return logOf(fleet).get('assignment', machine.node().nodeId)?.value.role;
}

function controlPlanes(fleet: Fleet): readonly Machine[] {
  return fleet.machines.filter((machine) => roleOf(fleet, machine) === 'control-plane');
}

async function wholeFleet(nodes: number, seed: number, wanted: 1 | 3 | 5 = 3): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: wanted, ...impatient } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

/** Agents of workers are killed until a control plane leads. */
async function leadingControlPlane(fleet: Fleet): Promise<Machine> {
  for (;;) {
    const leader = fleet.leader();
    if (leader && controlPlanes(fleet).includes(leader)) return leader;
    if (leader) void killFor(fleet, leader, 20_000);
    await fleet.clock.advance(25_000);
  }
}

/** One that holds a replica of the log, and one that does not: of three replicas two must stay. */
function twoControlPlanes(fleet: Fleet): readonly Machine[] {
  const names = fleet.logs.newest()?.replicasOn.bind(fleet.logs.newest());
  const holds = (machine: Machine) => (names?.([machine.hostname]).length ?? 0) > 0;
  const planes = controlPlanes(fleet);
  return [planes.find(holds), planes.find((machine) => !holds(machine))].flatMap(
    (machine) => machine ?? [],
  );
}

/** What the machines that run are like, and what they should be like. */
function seen(fleet: Fleet, lost: readonly Machine[]) {
  const left = fleet.machines.filter((machine) => !lost.includes(machine));
  const pick = ({ members, nodes, clusters, tokens, secrets }: ReturnType<typeof factsOf>) => {
    return { members, nodes, clusters, tokens, secrets };
  };
  return { is: pick(factsOf(fleet)), should: pick(wholeFacts(fleet, left)) };
}

describe('a control plane that loses its power for good', () => {
  test.each([
    { seed: 1, which: 0 },
    { seed: 2, which: 1 },
    { seed: 3, which: 2 },
  ])(
    'is replaced by a worker, whichever it is: seed $seed',
    async ({ seed, which }) => {
      const fleet = await wholeFleet(5, seed);
      const lost = controlPlanes(fleet)[which];
      lost?.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 3 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();

      const { is, should } = seen(fleet, lost ? [lost] : []);
      expect(is).toEqual(should);
      expect(controlPlanes(fleet)).toHaveLength(3);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'becomes a worker when it is switched on again',
    async () => {
      const fleet = await wholeFleet(5, 4);
      const [lost] = controlPlanes(fleet);
      lost?.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 3 * ONE_MINUTE_MS);
      lost?.boot();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 3 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();

      const { is, should } = seen(fleet, []);
      expect(is).toEqual(should);
      expect(lost && roleOf(fleet, lost)).toBe('worker');
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is replaced when the leader of civitas is the one',
    async () => {
      for (const seed of [5, 6, 7]) {
        const fleet = await wholeFleet(5, seed);
        const lost = await leadingControlPlane(fleet);
        lost.powerOff();
        await fleet.clock.advance(ONE_MINUTE_MS);
        await untilWhole(fleet, 3 * ONE_MINUTE_MS);
        fleet.end();
        expect(controlPlanes(fleet)).toHaveLength(3);
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'is replaced although agents are killed all the time',
    async () => {
      for (const seed of [8, 9]) {
        const fleet = await wholeFleet(5, seed);
        const [lost] = controlPlanes(fleet);
        lost?.powerOff();
        const left = fleet.machines.filter((machine) => machine !== lost);
        for (let turn = 0; turn < 40; turn += 1) {
          const machine = left[turn % left.length];
          await fleet.clock.advance(3_000);
          if (machine) void killFor(fleet, machine, 500);
        }
        await untilWhole(fleet, 5 * ONE_MINUTE_MS);
        await untilTidy(fleet);
        fleet.end();
        const { is, should } = seen(fleet, lost ? [lost] : []);
        expect(is).toEqual(should);
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'keeps its place where nobody can take it, and has it when it is back',
    async () => {
      const fleet = await wholeFleet(3, 10);
      const [, lost] = controlPlanes(fleet);
      lost?.powerOff();
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      const members = factsOf(fleet).members.length;
      lost?.boot();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 3 * ONE_MINUTE_MS);
      fleet.end();
      expect([members, controlPlanes(fleet).length]).toEqual([3, 3]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'and another one soon after: five are five again, with the two workers there were',
    async () => {
      const fleet = await wholeFleet(7, 11, 5);
      const lost = twoControlPlanes(fleet);
      lost[0]?.powerOff();
      await fleet.clock.advance(10_000);
      lost[1]?.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 5 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();
      const { is, should } = seen(fleet, lost);
      expect(is).toEqual(should);
      expect(controlPlanes(fleet)).toHaveLength(5);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

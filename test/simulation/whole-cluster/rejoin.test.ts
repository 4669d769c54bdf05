import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec as defaults } from '../../support/controllers-entries.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { clusterOf, machinesWith } from '../../support/fleet-hands.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;
const replacement = {
  ...defaults().replacement,
  graceSeconds: 10,
  promotion: 'rejoin',
} as const;

/** With pods on both of its workers, of which one at a time may be missing. */
async function busyFleet(seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes: 5, seed, spec: { controlPlanes: 3, replacement } });
  await untilWhole(fleet);
  const hostname = machinesWith(fleet, 'control-plane')[0]?.hostname ?? '';
  fleet.world.applyWorkload(hostname, WEB);
  fleet.world.applyBudget(hostname, {
    namespace: 'default',
    name: 'web',
    selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
    minAvailable: WEB.replicas - 1,
  });
  await untilTidy(fleet);
  return fleet;
}

function loseControlPlane(fleet: Fleet): Machine {
  const [lost] = machinesWith(fleet, 'control-plane');
  if (!lost) throw new RangeError('nobody is a control plane');
  lost.powerOff();
  return lost;
}

function uidsOf(fleet: Fleet) {
  return new Map([...clusterOf(fleet).nodes.values()].map(({ name, uid }) => [name, uid]));
}

function seen(fleet: Fleet, lost: Machine) {
  const left = fleet.machines.filter((machine) => machine !== lost);
  const pick = ({ members, nodes, tokens, secrets }: ReturnType<typeof factsOf>) => {
    return { members, nodes, tokens, secrets };
  };
  return { is: pick(factsOf(fleet)), should: pick(wholeFacts(fleet, left)) };
}

describe('a worker that takes the place of a control plane by joining anew', () => {
  test(
    'gives its pods away as their budget allows, is reset, and joins under another Node',
    async () => {
      const fleet = await busyFleet(1);
      const workers = machinesWith(fleet, 'worker').map(({ hostname }) => hostname);
      const before = uidsOf(fleet);
      const lost = loseControlPlane(fleet);
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 5 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();

      const { is, should } = seen(fleet, lost);
      expect(is).toEqual(should);
      const planes = machinesWith(fleet, 'control-plane').map(({ hostname }) => hostname);
      const [heir, ...others] = workers.filter((hostname) => planes.includes(hostname));
      expect([planes.length, others]).toEqual([3, []]);
      const { journal } = fleet.world.state;
      expect(startsOf(journal, / kubeadm join phase /)).toEqual([]);
      expect(startsOf(journal, / kubeadm reset /)).toEqual([heir]);
      expect(journal.some(({ event, host }) => event === 'pod.evicted' && host !== heir)).toBe(
        true,
      );
      expect(uidsOf(fleet).get(heir ?? '')).not.toBe(before.get(heir ?? ''));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'goes on although people change their minds, and although leaders and sponsors die',
    async () => {
      for (const seed of [2, 3]) {
        const fleet = await busyFleet(seed);
        const lost = loseControlPlane(fleet);
        const left = fleet.machines.filter((machine) => machine !== lost);
        await fleet.clock.advance(ONE_MINUTE_MS);
        const [some] = left;
        const document = { ...defaults(), controlPlanes: 3 };
        if (some) await tell(fleet, some, '/v1/spec', { document, dryRun: false });
        for (let turn = 0; turn < 20; turn += 1) {
          const machine = left[turn % left.length];
          await fleet.clock.advance(4_000);
          if (machine) void killFor(fleet, machine, 500);
        }
        await untilWhole(fleet, 10 * ONE_MINUTE_MS);
        await untilTidy(fleet);
        fleet.end();
        const { is, should } = seen(fleet, lost);
        expect(is).toEqual(should);
        expect(machinesWith(fleet, 'control-plane')).toHaveLength(3);
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'comes as one of a pair: one control plane becomes three, and never rests at two',
    async () => {
      const spec = { controlPlanes: 1, replacement } as const;
      const fleet = startFleet({ nodes: 3, seed: 4, spec });
      await untilWhole(fleet);
      await untilTidy(fleet);
      const [some] = fleet.machines;
      const document = { ...defaults(), controlPlanes: 3, replacement };
      if (some) await tell(fleet, some, '/v1/spec', { document, dryRun: false });
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 5 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      const { journal } = fleet.world.state;
      const resets = startsOf(journal, / kubeadm reset /);
      const joins = startsOf(journal, /^kubeadm-\d+-join-control-plane-/);
      expect([resets.length, joins.length]).toEqual([2, 2]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

import { expect, test } from '@jest/globals';
import { knownLogAnswer } from '../../../src/agent/known-log-answer.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { explain } from '../../../src/state/explanation.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { logOf, machineOf } from '../../support/fleet-log.ts';
import { tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const THREE_MINUTES_MS = 180_000;
const { replacement } = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });

async function cautiousFleet(): Promise<Fleet> {
  const policy = { ...replacement, graceSeconds: 10, policy: 'approve' as const };
  const fleet = startFleet({ nodes: 5, seed: 1, spec: { controlPlanes: 3, replacement: policy } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

/** A control plane loses its power, and people are asked. */
async function loseOne(fleet: Fleet): Promise<Machine> {
  const leader = fleet.leader();
  const lost = machinesWith(fleet, 'control-plane').find((machine) => machine !== leader);
  if (!lost) throw new RangeError('every control plane leads');
  lost.powerOff();
  await fleet.clock.advance(THREE_MINUTES_MS);
  return lost;
}

function onlyPlan(fleet: Fleet) {
  const [plan, ...others] = logOf(fleet).list('plan');
  if (!plan || others.length > 0) throw new RangeError('one plan is wanted');
  return plan.value;
}

test(
  'what people have to approve waits for them, then happens, and can be explained afterwards',
  async () => {
    const fleet = await cautiousFleet();
    const log = logOf(fleet);
    const lost = await loseOne(fleet);
    const plan = onlyPlan(fleet);
    expect(plan).toMatchObject({ action: 'replace', nodeId: lost.node().nodeId });
    expect(log.get('assignment', lost.node().nodeId)?.value.role).toBe('control-plane');

    const asked = fleet.machines.find((machine) => machine !== lost) ?? lost;
    await tell(fleet, asked, '/v1/approve', { planId: plan.planId });
    await fleet.clock.advance(THREE_MINUTES_MS);
    expect(log.get('assignment', lost.node().nodeId)?.value.task).toBe('retire');
    expect(log.list('plan')).toEqual([]);
    await expect(tell(fleet, asked, '/v1/approve', { planId: plan.planId })).rejects.toMatchObject({
      code: 'plan.unknown',
    });

    const events = log.list('event').map(({ value }) => value);
    expect(events.filter(({ action }) => action === 'approve')).toMatchObject([{ term: null }]);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['plan-replacement', 'withdraw-plan']),
    );
    const planned = events.find(({ action }) => action === 'replace');
    expect(planned).toMatchObject({ nodeId: lost.node().nodeId });
    const promoted = log.list('assignment').find(({ value }) => value.task === 'promote');
    const winner = promoted && machineOf(fleet, promoted.key).node();
    const explained = winner && explain(winner, knownLogAnswer(log));
    expect(explained?.role).toBe('control-plane');
    expect(explained?.because).toContain(winner?.hostname);
    fleet.end();
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a plan whose heir dies is made anew with another one, and it is that one that people have to approve',
  async () => {
    const fleet = await cautiousFleet();
    const lost = await loseOne(fleet);
    const before = onlyPlan(fleet);
    const heir = machineOf(fleet, before.candidate);
    heir.powerOff();
    await fleet.clock.advance(THREE_MINUTES_MS);
    const plan = onlyPlan(fleet);
    const next = machineOf(fleet, plan.candidate);
    expect([lost, heir]).not.toContain(next);

    const { planId } = before;
    await expect(tell(fleet, next, '/v1/approve', { planId })).rejects.toMatchObject({
      code: 'plan.unknown',
      message: expect.stringContaining(`choose from ${plan.planId}`),
    });
    expect(machinesWith(fleet, 'control-plane')).toContain(lost);
    await tell(fleet, next, '/v1/approve', { planId: plan.planId });
    await fleet.clock.advance(THREE_MINUTES_MS);
    expect(machinesWith(fleet, 'control-plane')).toContain(next);
    fleet.end();
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

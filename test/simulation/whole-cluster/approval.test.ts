import { expect, test } from '@jest/globals';
import { knownLogAnswer } from '../../../src/agent/known-log-answer.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { explain } from '../../../src/state/explanation.ts';
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

test(
  'what people have to approve waits for them, then happens, and can be explained afterwards',
  async () => {
    const fleet = await cautiousFleet();
    const log = logOf(fleet);
    const leader = fleet.leader()?.hostname;
    const planes = log.list('assignment').filter(({ value }) => value.role === 'control-plane');
    const lost = planes
      .map(({ key }) => machineOf(fleet, key))
      .find(({ hostname }) => hostname !== leader);
    if (!lost) throw new Error('every control plane leads');
    lost.powerOff();
    await fleet.clock.advance(THREE_MINUTES_MS);

    const [plan] = log.list('plan');
    if (!plan) throw new Error('nothing was planned');
    expect(plan.value).toMatchObject({ action: 'replace', nodeId: lost.node().nodeId });
    expect(log.get('assignment', lost.node().nodeId)?.value.role).toBe('control-plane');

    const asked = fleet.machines.find((machine) => machine !== lost) ?? lost;
    await tell(fleet, asked, '/v1/approve', { planId: plan.key });
    await fleet.clock.advance(THREE_MINUTES_MS);
    expect(log.get('assignment', lost.node().nodeId)?.value.task).toBe('retire');
    expect(log.list('plan')).toEqual([]);
    await expect(tell(fleet, asked, '/v1/approve', { planId: plan.key })).rejects.toMatchObject({
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

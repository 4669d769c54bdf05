import { describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const ONE_MINUTE_MS = 60_000;

function initsOf({ world }: Fleet): readonly string[] {
  return world.state.journal
    .filter(({ event, detail }) => event === 'operation.started' && / kubeadm init /.test(detail))
    .map(({ host }) => host);
}

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(fleet);
  return fleet;
}

describe('a fleet of empty machines', () => {
  test.each([1, 2, 3, 5, 7])('becomes one whole cluster through one genesis: %i', async (nodes) => {
    const fleet = await wholeFleet(nodes, nodes);
    fleet.end();
    const ids = fleet.machines.map((machine) => machine.agent()?.formation.record()?.clusterId);
    expect(new Set(ids).size).toBe(1);
    expect(initsOf(fleet)).toHaveLength(1);
    expect(fleet.clock.nowMs()).toBeLessThan(ONE_MINUTE_MS);
  });

  test('goes the same way with the same seed, entry by entry', async () => {
    const [first, second] = [await wholeFleet(3, 7), await wholeFleet(3, 7)];
    first.end();
    second.end();
    expect(first.recorder.trace()).toEqual(second.recorder.trace());
  });

  test('finds its log again after every machine lost power', async () => {
    const fleet = await wholeFleet(3, 5);
    await fleet.clock.advance(ONE_MINUTE_MS);
    for (const machine of fleet.machines) machine.powerOff();
    await fleet.clock.advance(ONE_MINUTE_MS);
    for (const machine of fleet.machines) machine.boot();
    await fleet.clock.runUntil(() => fleet.leader() !== undefined, ONE_MINUTE_MS);
    await untilWhole(fleet);
    fleet.end();
    expect(initsOf(fleet)).toHaveLength(1);
  });

  test('has no leader on the side of a partition that has no quorum of replicas', async () => {
    const fleet = await wholeFleet(3, 4);
    for (const other of ['n2', 'n3']) fleet.world.cut('n1', other);
    await fleet.clock.advance(ONE_MINUTE_MS);
    expect(fleet.machine('n1').term()).toBeUndefined();
    expect(fleet.leader()?.hostname).not.toBe('n1');
    fleet.world.heal();
    await untilWhole(fleet);
    fleet.end();
  });

  test('overlooks an agent that is paused for five seconds', async () => {
    const fleet = await wholeFleet(3, 6);
    await fleet.clock.advance(ONE_MINUTE_MS);
    for (const machine of fleet.machines) machine.pause();
    await fleet.clock.advance(5_000);
    for (const machine of fleet.machines) machine.resume();
    await fleet.clock.advance(2 * ONE_MINUTE_MS);
    const verdicts = fleet
      .store()
      ?.list('liveness')
      .map(({ value }) => value.verdict);
    fleet.end();
    expect(verdicts).toEqual(['alive', 'alive', 'alive']);
  });
});

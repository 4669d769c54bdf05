import { describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const ONE_MINUTE_MS = 60_000;

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(fleet);
  return fleet;
}

describe('a fleet of empty machines', () => {
  test('goes the same way with the same seed, entry by entry', async () => {
    const [first, second] = [await wholeFleet(3, 7), await wholeFleet(3, 7)];
    first.end();
    second.end();
    expect(first.recorder.trace()).toEqual(second.recorder.trace());
  });

  test('elects another leader of its log within a second after the one there was is told to stop', async () => {
    const fleet = await wholeFleet(3, 5);
    const log = fleet.logs.newest();
    const leader = log?.leader() ?? '';
    for (const serverName of log?.replicasOn([leader]) ?? []) log?.setRunning(serverName, false);
    expect(log?.leader()).toBeUndefined();
    await fleet.clock.advance(1_000);
    fleet.end();
    expect(['n1', 'n2', 'n3'].filter((name) => name !== leader)).toContain(log?.leader());
  });

  test('loses what nobody had synced when its power fails', async () => {
    const fleet = await wholeFleet(1, 5);
    fleet.machine('n1').powerOff();
    fleet.end();
    expect(fleet.world.state.journal.at(-1)).toMatchObject({
      event: 'power.cut',
      detail: 'unsynced files lost',
    });
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

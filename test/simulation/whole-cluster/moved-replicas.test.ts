import { afterEach, describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
/** A dead verdict, the grace, and the move. */
const MOVED_WITHIN_MS = 3 * ONE_MINUTE_MS;
/** A removed server that runs on is taken in again after 5 minutes. */
const TAKEN_IN_MS = 6 * ONE_MINUTE_MS;

const fleets: Fleet[] = [];
afterEach(() => {
  for (const fleet of fleets.splice(0)) fleet.end();
});

async function wholeFleet(options: Partial<FleetOptions> = {}): Promise<Fleet> {
  const fleet = startFleet({ nodes: 5, seed: 1, spec: { controlPlanes: 1 }, ...options });
  fleets.push(fleet);
  await untilWhole(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

/** Host names of the servers that have a say in the log, in order. */
function hosts({ logs }: Fleet): readonly string[] {
  const group = logs.newest()?.group;
  return (group?.voters() ?? []).map(({ host }) => host).toSorted();
}

function members({ logs }: Fleet): readonly string[] {
  const all = logs.newest()?.group.all ?? [];
  return all
    .filter(({ member }) => member)
    .map(({ host }) => host)
    .toSorted();
}

/** Of the log itself: what others do meanwhile is judged elsewhere. */
function breaches({ recorder }: Fleet): readonly string[] {
  return check(recorder.trace())
    .filter(({ invariant }) => ['S1', 'S8', 'S9', 'L8', 'L9'].includes(invariant))
    .map(({ sentence }) => sentence);
}

function isSettled(fleet: Fleet, without: readonly string[]): boolean {
  const entry = fleet.store()?.get('replicas', 'current');
  const isOver = entry?.value.leaving === null;
  return (
    isOver && hosts(fleet).length === 3 && hosts(fleet).every((host) => !without.includes(host))
  );
}

/** Takes the power from the first host with a replica, for good, and waits for the replica to move. */
async function loseOne(fleet: Fleet, lost: readonly string[]): Promise<string> {
  const [host = ''] = hosts(fleet).filter((each) => fleet.machine(each) !== fleet.leader());
  fleet.machine(host).powerOff();
  await fleet.clock.runUntil(() => isSettled(fleet, [...lost, host]), MOVED_WITHIN_MS);
  return host;
}

describe('a cluster that loses machines with replicas of the log', () => {
  test.each([1, 2, 3])(
    'goes on with replicas on the living ones, and keeps the old ones out (seed %i)',
    async (seed) => {
      const fleet = await wholeFleet({ seed });
      const first = await loseOne(fleet, []);
      const second = await loseOne(fleet, [first]);
      const left = hosts(fleet);
      expect(left).not.toContain(first);
      expect(left).not.toContain(second);

      fleet.machine(first).boot();
      fleet.machine(second).boot();
      await fleet.clock.advance(TAKEN_IN_MS);
      expect(hosts(fleet)).toEqual(left);
      expect(members(fleet)).toEqual(left);
      expect(fleet.leader()).toBeDefined();
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'moves one of them at a time, and none without another machine',
    async () => {
      const fleet = await wholeFleet({ nodes: 4 });
      const first = await loseOne(fleet, []);
      const left = hosts(fleet);
      const [second = ''] = left.filter((host) => fleet.machine(host) !== fleet.leader());
      fleet.machine(second).powerOff();
      await fleet.clock.advance(MOVED_WITHIN_MS);
      expect(hosts(fleet)).toEqual(left);
      const health = fleet.leader()?.agent()?.member.current()?.manager.health();
      expect(health?.['replicas']).toMatchObject({ wait: { reason: 'replica-no-host' } });

      fleet.machine(first).boot();
      await fleet.clock.runUntil(() => isSettled(fleet, [second]), MOVED_WITHIN_MS);
      expect(hosts(fleet)).toContain(first);
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is there again after a power cut of all that is left, within 20 s',
    async () => {
      const fleet = await wholeFleet();
      const lost = [await loseOne(fleet, [])];
      lost.push(await loseOne(fleet, lost));
      const living = fleet.machines.filter(({ hostname }) => !lost.includes(hostname));
      for (const machine of living) machine.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      for (const machine of living) machine.boot();
      await fleet.clock.runUntil(() => fleet.logs.newest()?.leader() !== undefined, 20_000);
      await fleet.clock.runUntil(() => fleet.leader() !== undefined, ONE_MINUTE_MS);
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is found by a machine that comes when no replica is where genesis put it',
    async () => {
      const fleet = await wholeFleet({ nodes: 6 });
      const lost: string[] = [];
      for (let count = 0; count < 3; count += 1) lost.push(await loseOne(fleet, lost));
      const machine = fleet.addMachine();
      const { nodeId } = machine.node();
      const isEnrolled = () => fleet.store()?.get('node', nodeId) !== undefined;
      await fleet.clock.runUntil(isEnrolled, ONE_MINUTE_MS);
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(['log.write', 'logPeers.remove', 'replicaServers.start'])(
    'finishes the move when the deciding agent dies at the first %s',
    async (call) => {
      const fleet = await wholeFleet({ seed: 4 });
      const [host = ''] = hosts(fleet).filter((each) => fleet.machine(each) !== fleet.leader());
      fleet.machine(host).powerOff();
      const stop = fleet.onCall((machine, called, [path]) => {
        if (called !== call || (call === 'log.write' && path !== 'replicas.current')) return;
        stop();
        machine.kill();
        void fleet.clock.sleep(ONE_MINUTE_MS).then(machine.start);
      });
      await fleet.clock.runUntil(() => isSettled(fleet, [host]), 3 * MOVED_WITHIN_MS);
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a replica on a living machine', () => {
  test(
    'moves when that machine was asked to leave, and nothing of it is left there',
    async () => {
      const fleet = await wholeFleet();
      const [host = ''] = hosts(fleet);
      const { nodeId, incarnation } = fleet.machine(host).node();
      const request = { type: 'leave', nodeId, incarnation, askedWallMs: 0 } as const;
      await fleet.clock.drive(Promise.resolve(fleet.store()?.put('request', nodeId, request, 0)));
      await fleet.clock.runUntil(() => isSettled(fleet, [host]), ONE_MINUTE_MS);
      await fleet.clock.advance(ONE_MINUTE_MS);
      const old = fleet.logs.newest()?.group.all.find((each) => each.host === host);
      expect(old).toMatchObject({ running: false, lost: true, member: false });
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'moves away from the others as soon as there are machines for that',
    async () => {
      const fleet = await wholeFleet({ nodes: 1 });
      expect(hosts(fleet)).toEqual(['n1', 'n1', 'n1']);
      fleet.addMachine();
      fleet.addMachine();
      const isSpread = () => new Set(hosts(fleet)).size === 3 && isSettled(fleet, []);
      await fleet.clock.runUntil(isSpread, 5 * ONE_MINUTE_MS);
      expect(breaches(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

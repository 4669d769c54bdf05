import { afterEach, describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { createMemoryLink } from '../../../src/simulation/memory-link.ts';
import { STARTED_FILE } from '../../../src/state/kubernetes-paths.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { revisionsOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
/** A copy on disk may be a second behind. */
const ON_DISK_MS = 10_000;
const LOG_BACK_MS = 20_000;
const LASTING = ['spec', 'node', 'assignment', 'operation', 'status', 'replicas'] as const;
const UNREAD = 'assignment.future';

const fleets: Fleet[] = [];
afterEach(() => {
  for (const fleet of fleets.splice(0)) fleet.end();
});

/** Whole and at rest; the replicas of the log are where genesis put them, or one of them moved. */
async function restingFleet(moved: boolean): Promise<Fleet> {
  const nodes = moved ? 4 : 3;
  const fleet = startFleet({ nodes, seed: 7, spec: { controlPlanes: 1 } });
  fleets.push(fleet);
  await untilWhole(fleet);
  if (moved) {
    const host = fleet.logs.newest()?.group.voters()[2]?.host ?? '';
    fleet.machine(host).powerOff();
    const isOver = () => fleet.store()?.get('replicas', 'current')?.value.leaving === null;
    await fleet.clock.runUntil(isOver, 4 * ONE_MINUTE_MS);
    fleet.machine(host).boot();
    await untilWhole(fleet);
  }
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

/** As a newer release would; null removes it. */
async function writeAsStranger(fleet: Fleet, path: string, text: string | null): Promise<void> {
  const entries = fleet.logs.newest()?.memory.entries.over(createMemoryLink());
  await fleet.clock.drive(Promise.resolve(entries?.write(path, text, undefined)));
}

async function cutPowerOfAll({ machines, clock }: Fleet): Promise<void> {
  for (const machine of machines) machine.powerOff();
  await clock.advance(ON_DISK_MS);
  for (const machine of machines) machine.boot();
}

/** What agents change outside of themselves from now on, by host and once each. */
function changesOf(fleet: Fleet): ReadonlySet<string> {
  const seen = new Set<string>();
  fleet.onCall(({ hostname }, call, [path]) => {
    const isOwn = call.startsWith('durable.') || path === STARTED_FILE;
    if (!isOwn) seen.add(`${hostname} ${call}`);
  });
  return seen;
}

const isBack = ({ logs }: Fleet): boolean => logs.newest()?.leader() !== undefined;

describe('a cluster that loses all power while its log holds what its agents can not read', () => {
  test.each([
    { where: 'where genesis put them', moved: false },
    { where: 'no more where genesis put them', moved: true },
  ])(
    'has the log back, does nothing else until the entry is gone, and is whole then: replicas $where',
    async ({ moved }) => {
      const fleet = await restingFleet(moved);
      const voters = fleet.logs.newest()?.group.voters() ?? [];
      await writeAsStranger(fleet, UNREAD, '{"novel":true}');
      await fleet.clock.advance(ON_DISK_MS);
      const entries = revisionsOf(fleet, LASTING);

      const changes = changesOf(fleet);
      await cutPowerOfAll(fleet);
      await fleet.clock.runUntil(() => isBack(fleet), LOG_BACK_MS);
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      expect(revisionsOf(fleet, LASTING)).toEqual(entries);
      expect(fleet.leader()).toBeUndefined();
      const starts = voters.map(({ host }) => `${host} replicaServers.start`);
      expect([...changes].toSorted()).toEqual(starts.toSorted());
      expect(fleet.logs.newest()?.group.voters()).toEqual(voters);

      await writeAsStranger(fleet, UNREAD, null);
      await fleet.clock.runUntil(() => fleet.leader() !== undefined, ONE_MINUTE_MS);
      await untilWhole(fleet);
      await untilTidy(fleet);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'does nothing at all where that is the set of replicas itself',
    async () => {
      const fleet = await restingFleet(false);
      await writeAsStranger(fleet, 'replicas.current', '{"novel":true}');
      await fleet.clock.advance(ON_DISK_MS);
      const changes = changesOf(fleet);
      await cutPowerOfAll(fleet);
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      expect(isBack(fleet)).toBe(false);
      expect([...changes]).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

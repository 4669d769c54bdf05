import { describe, expect, test } from '@jest/globals';
import { controllersOf } from '../../../src/engine/controllers.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { readKubeconfig } from '../../../src/simulation/kubeconfig.ts';
import { KUBELET_CONF } from '../../../src/simulation/paths.ts';
import { expiryOf } from '../../../src/simulation/pki.ts';
import { readFile } from '../../../src/simulation/simulated-disk.ts';
import { isOver } from '../../../src/state/leaf-life.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { countChanges, killFor } from '../../support/fleet-kills.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const THIRTEEN_MONTHS_MS = 395 * DAY_MS;

async function wholeFleet(nodes: number, seed: number, speed = 1): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, speed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

/** All machines are off for that long, and come back within ten seconds. */
async function offFor({ clock, machines }: Fleet, durationMs: number): Promise<void> {
  for (const machine of machines) machine.powerOff();
  await clock.advance(durationMs);
  for (const machine of machines) {
    machine.boot();
    await clock.advance(2_000);
  }
}

function apiServers({ world }: Fleet): number {
  return [...world.state.hosts.values()].filter(({ runtime }) => runtime?.apiServerReady).length;
}

/** Hosts with a leaf that is over, by what they say in the log. */
function hostsWithOver(fleet: Fleet): readonly string[] {
  return logOf(fleet)
    .list('certificates')
    .filter(({ value }) => value.leaves.some((leaf) => isOver(leaf, fleet.clock.wallMs())))
    .map(({ key }) => key);
}

/** Virtual time until all Nodes are Ready and nobody's leaf is over. */
async function untilUsable(fleet: Fleet): Promise<number> {
  const { clock } = fleet;
  const startMs = clock.nowMs();
  const expected = JSON.stringify(wholeFacts(fleet).nodes);
  const isUsable = () => {
    const nodes = JSON.stringify(factsOf(fleet).nodes);
    return nodes === expected && hostsWithOver(fleet).length === 0;
  };
  while (!isUsable() && clock.nowMs() - startMs < 30 * ONE_MINUTE_MS) await clock.advance(5_000);
  return clock.nowMs() - startMs;
}

/** Virtual time until then, looked at twice a second. */
async function timeUntil({ clock }: Fleet, isSo: () => boolean): Promise<number> {
  const startMs = clock.nowMs();
  while (!isSo() && clock.nowMs() - startMs < 10 * ONE_MINUTE_MS) await clock.advance(500);
  return clock.nowMs() - startMs;
}

/** Whether every kubelet renews its lease. */
function allBeat({ world }: Fleet): boolean {
  const nodes = [...world.state.clusters.values()].flatMap((cluster) => [
    ...cluster.nodes.values(),
  ]);
  return nodes.every(({ silentSinceWallMs }) => silentSinceWallMs === null);
}

/** Where each kubelet finds the API: those of control planes at their own. */
function kubeletServers({ world }: Fleet): readonly (string | undefined)[] {
  return [...world.state.hosts.values()].map(
    ({ disk }) => readKubeconfig(readFile(disk, KUBELET_CONF))?.server,
  );
}

function renewals({ world }: Fleet): readonly string[] {
  return startsOf(world.state.journal, /certs renew all/);
}

describe('a cluster whose machines were off for thirteen months', () => {
  test.each([
    { nodes: 1, seed: 1 },
    { nodes: 3, seed: 2 },
    { nodes: 5, seed: 3 },
    { nodes: 5, seed: 4 },
  ])(
    'comes up again by itself within three minutes: $nodes nodes, seed $seed',
    async ({ nodes, seed }) => {
      const fleet = await wholeFleet(nodes, seed);
      const servers = kubeletServers(fleet);
      await offFor(fleet, THIRTEEN_MONTHS_MS);
      const dark = apiServers(fleet);
      const tookMs = await untilUsable(fleet);
      await untilTidy(fleet);
      fleet.end();

      expect([dark, tookMs <= 3 * ONE_MINUTE_MS ? 'in time' : tookMs]).toEqual([0, 'in time']);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(renewals(fleet).length).toBe(nodes < 3 ? 1 : 3);
      expect(kubeletServers(fleet)).toEqual(servers);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    { nodes: 1, seed: 1 },
    { nodes: 3, seed: 2 },
    { nodes: 5, seed: 3 },
  ])(
    'lets every kubelet in within seconds of the first API server, however long that took: $nodes nodes on slow machines',
    async ({ nodes, seed }) => {
      const fleet = await wholeFleet(nodes, seed, 0.15);
      await offFor(fleet, THIRTEEN_MONTHS_MS);
      const darkMs = await timeUntil(fleet, () => apiServers(fleet) > 0);
      const lockedOutMs = await timeUntil(fleet, () => allBeat(fleet));
      fleet.end();

      expect(darkMs).toBeGreaterThan(20_000);
      expect(lockedOutMs).toBeLessThan(8_000);
    },
    TIMEOUT_MS,
  );

  test(
    'stays dark where nobody renews what is over',
    async () => {
      const fleet = startFleet({
        nodes: 3,
        seed: 1,
        controllers: (options) =>
          controllersOf(options).filter(({ name }) => name !== 'certificates'),
      });
      await untilWhole(fleet);
      await offFor(fleet, THIRTEEN_MONTHS_MS);
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      fleet.end();
      expect(apiServers(fleet)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'waits where one clock says so alone, and is right once the clocks agree',
    async () => {
      const fleet = await wholeFleet(3, 5);
      const [ahead] = fleet.machines;
      ahead?.jumpWall(THIRTEEN_MONTHS_MS);
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      const whileAlone = renewals(fleet);
      ahead?.jumpWall(-THIRTEEN_MONTHS_MS);
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      fleet.end();
      expect([whileAlone, renewals(fleet)]).toEqual([[], []]);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    },
    TIMEOUT_MS,
  );
});

type Disturb = (fleet: Fleet, machine: Machine) => void;

/** The same outage, with something that happens at one change of an agent after it. */
async function comeBack(disturbAt: number, disturb: Disturb) {
  const fleet = await wholeFleet(3, 7);
  const changes = countChanges(fleet, (count, machine) => {
    if (count === disturbAt) disturb(fleet, machine);
  });
  await offFor(fleet, THIRTEEN_MONTHS_MS);
  const tookMs = await untilUsable(fleet);
  await untilTidy(fleet);
  fleet.end();
  return { fleet, tookMs, changes: changes() };
}

const DISTURBANCES: readonly { what: string; step: number; disturb: Disturb }[] = [
  {
    what: 'its agent is killed',
    step: 11,
    disturb: (fleet, machine) => void killFor(fleet, machine, 2_000),
  },
  {
    what: 'its power fails, and tears what was not synced',
    step: 9,
    disturb: ({ clock }, machine) => {
      machine.powerOff({ unsynced: 'torn' });
      void clock.sleep(5_000).then(() => machine.boot());
    },
  },
];

describe('a machine that is disturbed while it comes up after thirteen months', () => {
  test.each(DISTURBANCES)(
    'goes on from what it finds when $what, at any change',
    async ({ step, disturb }) => {
      const undisturbed = await comeBack(0, disturb);
      expect(undisturbed.changes).toBeGreaterThan(40);
      const failures: unknown[] = [];
      for (let at = 1; at <= undisturbed.changes; at += step) {
        const { fleet, tookMs } = await comeBack(at, disturb);
        const [facts, whole] = [factsOf(fleet), wholeFacts(fleet)];
        const broken = check(fleet.recorder.trace());
        const isWhole = JSON.stringify(facts) === JSON.stringify(whole);
        if (!isWhole || broken.length > 0) failures.push({ at, tookMs, facts, broken });
      }
      expect(failures).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a cluster that ran for thirteen months without an agent', () => {
  test(
    'has valid certificates in all that runs once the agents are back',
    async () => {
      const fleet = await wholeFleet(3, 6);
      for (const machine of fleet.machines) machine.kill();
      await fleet.clock.advance(THIRTEEN_MONTHS_MS);
      for (const machine of fleet.machines) machine.start();
      await untilUsable(fleet);
      await untilTidy(fleet);
      fleet.end();
      const stale = [...fleet.world.state.hosts.values()].flatMap(({ name, runtime }) =>
        [...(runtime?.podCertificates ?? [])]
          .filter(([, pem]) => (expiryOf(pem) ?? Number.POSITIVE_INFINITY) <= fleet.clock.wallMs())
          .map(([component]) => `${name}/${component}`),
      );
      expect(stale).toEqual([]);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    },
    TIMEOUT_MS,
  );
});

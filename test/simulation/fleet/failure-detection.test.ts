import { describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const SEEN_WITHIN_MS = 6_000;
const seeds = [1, 2, 3];

async function restingFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

/** Whether that agent shows the node as suspect, in `civitas status`. */
function suspects({ agent }: Machine, missed: Machine): boolean {
  const log = agent()?.member.current()?.log;
  return log?.observers.missed().has(missed.node().nodeId) ?? false;
}

/** Verdicts written since, as `n2 suspect`, in order. */
function verdictsSince({ recorder, machines }: Fleet, sinceMs: number): readonly string[] {
  const { entries } = recorder.trace();
  return entries.flatMap((entry) => {
    if (entry.type !== 'log.committed' || entry.kind !== 'liveness' || entry.atMs < sinceMs)
      return [];
    const machine = machines.find((each) => each.node().nodeId === entry.key);
    const { verdict } = entry.value as { verdict: string };
    return [`${machine?.hostname} ${verdict}`];
  });
}

function others({ machines }: Fleet, machine: Machine): readonly Machine[] {
  return machines.filter((each) => each !== machine);
}

describe('a node that is killed', () => {
  const kills = [
    // While its kubelet goes on, nobody calls the machine dead.
    { how: 'its agent', nodes: 5, kill: (machine: Machine) => machine.kill(), dies: false },
    { how: 'its power', nodes: 5, kill: (machine: Machine) => machine.powerOff(), dies: true },
    { how: 'its agent', nodes: 8, kill: (machine: Machine) => machine.kill(), dies: false },
  ];
  test.each(kills.flatMap((each) => seeds.map((seed) => ({ ...each, seed }))))(
    'is missed by all others within 6 s: $how, of $nodes nodes (seed $seed)',
    async ({ nodes, seed, kill, dies }) => {
      const fleet = await restingFleet(nodes, seed);
      const leader = fleet.leader();
      const victim = fleet.machines.find((each) => each !== leader) as Machine;
      const startMs = fleet.clock.nowMs();
      kill(victim);
      const seen = () => others(fleet, victim).every((each) => suspects(each, victim));
      await fleet.clock.runUntil(seen, SEEN_WITHIN_MS);
      await fleet.clock.advance(startMs + 45_000 - fleet.clock.nowMs());
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      const dead = dies ? [`${victim.hostname} dead`] : [];
      expect(verdicts).toEqual([`${victim.hostname} suspect`, ...dead]);
    },
    TIMEOUT_MS,
  );

  test.each(seeds)(
    'is missed by all others within 6 s, and dead within a minute, when it led log and cluster (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      const victim = fleet.leader() as Machine;
      const startMs = fleet.clock.nowMs();
      victim.powerOff();
      const seen = () => others(fleet, victim).every((each) => suspects(each, victim));
      await fleet.clock.runUntil(seen, SEEN_WITHIN_MS);
      await fleet.clock.advance(ONE_MINUTE_MS);
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      expect(verdicts).toEqual([`${victim.hostname} suspect`, `${victim.hostname} dead`]);
    },
    TIMEOUT_MS,
  );
});

test.each(seeds)(
  'a node that is dead stays so while agents that watch it start anew (seed %i)',
  async (seed) => {
    const fleet = await restingFleet(5, seed);
    const [victim] = others(fleet, fleet.leader() as Machine);
    const { hostname } = victim as Machine;
    const startMs = fleet.clock.nowMs();
    victim?.powerOff();
    const judged = () => verdictsSince(fleet, startMs);
    await fleet.clock.runUntil(() => judged().includes(`${hostname} dead`), ONE_MINUTE_MS);
    for (const machine of others(fleet, victim as Machine)) {
      machine.kill();
      machine.start();
      await fleet.clock.advance(ONE_MINUTE_MS / 3);
    }
    const verdicts = judged();
    fleet.end();
    expect(verdicts).toEqual([`${hostname} suspect`, `${hostname} dead`]);
  },
  TIMEOUT_MS,
);

describe('a machine that is wiped', () => {
  test.each(seeds)(
    'is dead as the node that it was once two beats are missing (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      // Nobody is judged for half a minute after the log had to elect another leader.
      const logLeader = fleet.logs.newest()?.leader();
      const victim = others(fleet, fleet.leader() as Machine).find(
        ({ hostname }) => hostname !== logLeader,
      ) as Machine;
      const { nodeId } = victim.node();
      const startMs = fleet.clock.nowMs();
      victim.wipe();
      await fleet.clock.advance(2_000);
      victim.boot();
      const entry = () => fleet.store()?.get('liveness', nodeId)?.value;
      await fleet.clock.runUntil(() => entry()?.verdict === 'dead', 25_000);
      expect(fleet.clock.nowMs() - startMs).toBeGreaterThan(10_000);
      expect(entry()?.evidence).toContain('found another node in its place');
      fleet.end();
    },
    TIMEOUT_MS,
  );
});

describe('nobody is called dead', () => {
  test.each(seeds)(
    'in ten minutes in which 5 % of all packets get lost (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      fleet.network.quality.loss = 0.05;
      const startMs = fleet.clock.nowMs();
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      expect(verdicts).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(seeds)(
    'by a leader, or for a node, that stood still for five seconds (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      const startMs = fleet.clock.nowMs();
      for (const machine of fleet.machines) {
        machine.pause();
        await fleet.clock.advance(5_000);
        machine.resume();
        await fleet.clock.advance(ONE_MINUTE_MS);
        const bySelf = others(fleet, machine).filter((each) => suspects(machine, each));
        expect(bySelf).toEqual([]);
      }
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      expect(verdicts.filter((verdict) => verdict.endsWith('dead'))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(seeds)(
    'while the log changes its leader again and again (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      const startMs = fleet.clock.nowMs();
      for (let round = 0; round < 10; round += 1) {
        fleet.logs.newest()?.dropLeader();
        await fleet.clock.advance(20_000);
      }
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      expect(verdicts).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(seeds)(
    'who is cut off from the leader alone (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      const leader = fleet.leader() as Machine;
      const startMs = fleet.clock.nowMs();
      const [other] = others(fleet, leader);
      fleet.world.cut(leader.hostname, other?.hostname ?? '');
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      const verdicts = verdictsSince(fleet, startMs);
      fleet.end();
      expect(verdicts).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a partition', () => {
  test.each(seeds)(
    'makes nobody on the side with the log suspect nodes of that side, and is over soon after it healed (seed %i)',
    async (seed) => {
      const fleet = await restingFleet(5, seed);
      const { machines, world, clock } = fleet;
      const replicas = machines.filter(
        ({ hostname }) => fleet.logs.newest()?.replicasOn([hostname]).length,
      );
      const away = [replicas[0], machines.find((each) => !replicas.includes(each))] as Machine[];
      const startMs = clock.nowMs();
      for (const one of away) {
        for (const other of machines) {
          if (!away.includes(other)) world.cut(one.hostname, other.hostname);
        }
      }
      await clock.advance(2 * ONE_MINUTE_MS);
      const blamed = new Set(verdictsSince(fleet, startMs).map((verdict) => verdict.split(' ')[0]));
      expect([...blamed].toSorted()).toEqual(away.map(({ hostname }) => hostname).toSorted());
      world.heal();
      const isAlive = () =>
        fleet
          .store()
          ?.list('liveness')
          .every(({ value }) => value.verdict === 'alive') ?? false;
      await clock.runUntil(isAlive, 20_000);
      fleet.end();
    },
    TIMEOUT_MS,
  );
});

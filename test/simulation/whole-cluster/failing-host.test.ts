import { describe, expect, test } from '@jest/globals';
import { controllersOf } from '../../../src/engine/controllers.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { type ClusterFacts, factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { genesisOf, logOf, machineOf, untilLog } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 300_000;
const TEN_MINUTES_MS = 600_000;
/** Its etcd was started by then, and has not caught up. */
const LEARNER_RUNS_MS = 1_500;
/** More than there are attempts. */
const ALWAYS = 10;
const SEEDS = Array.from({ length: Number(process.env['CIVITAS_RUNS'] ?? 1) }, (_, i) => i + 1);

/** Phases of a join in which its host comes into etcd and then into Kubernetes. */
const LATE = [
  { phase: 'etcd-join', when: 'after' },
  { phase: 'kubelet-wait-bootstrap', when: 'before' },
  { phase: 'kubelet-wait-bootstrap', when: 'after' },
  { phase: 'control-plane-join/mark-control-plane', when: 'before' },
] as const;

const JOIN_PHASES = [
  { phase: 'preflight', when: 'before' },
  { phase: 'check-etcd', when: 'after' },
  { phase: 'kubelet-start', when: 'after' },
  { phase: 'etcd-join', when: 'before' },
  ...LATE,
] as const;

type Failure = (typeof JOIN_PHASES)[number];

/** Nobody finishes a join that kubeadm gave up on, so that its host has to try again. */
const UNFINISHED: Pick<FleetOptions, 'controllers'> = {
  controllers: (options) => controllersOf(options).filter(({ name }) => name !== 'etcd'),
};

function failTimes({ world }: Fleet, hostname: string, failure: Failure, times: number) {
  for (let count = 0; count < times; count += 1) {
    world.failNext(hostname, { ...failure, text: 'simulated failure' });
  }
}

/** A host that genesis did not choose to found the fleet. */
function joiningHost(fleet: Fleet): Machine {
  const { firstControlPlane } = genesisOf(fleet);
  const joining = fleet.machines.find((machine) => machine.node().nodeId !== firstControlPlane);
  if (!joining) throw new RangeError('nobody joins');
  return joining;
}

function joinsOf({ world }: Fleet, hostname: string): number {
  return startsOf(world.state.journal, / kubeadm join /).filter((host) => host === hostname).length;
}

describe('a join that fails late', () => {
  test.each(LATE)(
    'is finished by the control plane that handed over its keys, and kubeadm runs once: $when $phase',
    async (failure) => {
      for (const seed of SEEDS) {
        const fleet = startFleet({ nodes: 3, seed });
        await untilLog(fleet);
        const { hostname } = joiningHost(fleet);
        failTimes(fleet, hostname, failure, 1);
        await untilWhole(fleet, TEN_MINUTES_MS);
        await untilTidy(fleet);
        fleet.end();
        expect(joinsOf(fleet, hostname)).toBe(1);
        expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      }
    },
    TIMEOUT_MS,
  );

  test.each(LATE.flatMap((failure) => [1, 4].map((times) => ({ failure, times, ...failure }))))(
    'that nobody finishes is tried again, never refused for what it left in etcd and Kubernetes, and works in the end: $when $phase, $times times',
    async ({ failure, times }) => {
      for (const seed of SEEDS) {
        const fleet = startFleet({ nodes: 3, seed, ...UNFINISHED });
        await untilLog(fleet);
        const { hostname } = joiningHost(fleet);
        failTimes(fleet, hostname, failure, times);
        await untilWhole(fleet, TEN_MINUTES_MS);
        await untilTidy(fleet);
        fleet.end();
        expect(joinsOf(fleet, hostname)).toBe(times + 1);
        expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      }
    },
    TIMEOUT_MS,
  );
});

test(
  'a voter whose kubelet never registers a Node leaves etcd before its host is cleaned',
  async () => {
    for (const seed of SEEDS) {
      const fleet = startFleet({ nodes: 3, seed });
      const stop = fleet.world.onChange(({ event, detail }) => {
        if (event !== 'phase.finished' || !detail.endsWith(' etcd-join')) return;
        stop();
        // Without its token the kubelet gets no certificate, and kubeadm fails.
        for (const { tokens } of fleet.world.state.clusters.values()) tokens.clear();
      });
      await untilWhole(fleet, TEN_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    }
  },
  TIMEOUT_MS,
);

test(
  'a learner that kubeadm leaves behind, and nobody promotes, is removed before its host is given new keys',
  async () => {
    for (const seed of SEEDS) {
      const fleet = startFleet({ nodes: 3, seed, ...UNFINISHED });
      const { clock, world } = fleet;
      const stop = world.onChange(({ event, host }) => {
        if (event !== 'member.added') return;
        stop();
        void clock.sleep(LEARNER_RUNS_MS).then(() => killKubeadm(fleet, host));
      });
      await untilWhole(fleet, TEN_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(world.state.journal.map(({ event }) => event)).toContain('member.removed');
    }
  },
  TIMEOUT_MS,
);

function killKubeadm({ world }: Fleet, hostname: string): void {
  const units = world.state.hosts.get(hostname)?.runtime?.units ?? new Map<string, unknown>();
  for (const name of units.keys()) world.killOperation(hostname, name);
}

/** Lets all joins of the first host that shall be another control plane fail; resolves to that host. */
async function failFirstJoiner(fleet: Fleet, failure: Failure): Promise<Machine> {
  await untilLog(fleet);
  const log = logOf(fleet);
  const { promise, resolve } = Promise.withResolvers<Machine>();
  const stop = log.onChange((kind, key) => {
    const task = kind === 'assignment' && log.get(kind, key)?.value.task;
    if (task !== 'join-control-plane') return;
    stop();
    const machine = machineOf(fleet, key);
    failTimes(fleet, machine.hostname, failure, ALWAYS);
    resolve(machine);
  });
  return fleet.clock.drive(promise);
}

/** What machines show of a cluster; what they prepared for one that gave up is left out. */
function factsBeside(facts: ClusterFacts) {
  const { inits, clusters, members, nodes, overlappingJoins, tokens, secrets } = facts;
  return { inits, clusters, members, nodes, overlappingJoins, tokens, secrets };
}

describe('a host whose join as a control plane always fails', () => {
  test.each(JOIN_PHASES)(
    'gives up, leaves nothing in etcd and Kubernetes, and its place goes to another: $when $phase',
    async (failure) => {
      for (const seed of SEEDS) {
        const fleet = startFleet({ nodes: 5, seed, spec: { size: 4 }, ...UNFINISHED });
        const failing = await failFirstJoiner(fleet, failure);
        await fleet.clock.advance(TEN_MINUTES_MS);
        fleet.end();

        const others = fleet.machines.filter((machine) => machine !== failing);
        const facts = factsBeside(factsOf(fleet));
        expect(facts).toEqual(factsBeside(wholeFacts(fleet, others)));
        expect(facts.members).toHaveLength(3);
        expect(facts.nodes).toHaveLength(4);
        expect(logOf(fleet).get('status', failing.node().nodeId)?.value).toMatchObject({
          phase: 'failed',
          waiting: { reason: 'kubeadm-gave-up' },
        });
      }
    },
    TIMEOUT_MS,
  );

  test(
    'has its place taken by a machine that comes later',
    async () => {
      const fleet = startFleet({ nodes: 3, seed: 1 });
      const failing = await failFirstJoiner(fleet, JOIN_PHASES[0]);
      await fleet.clock.advance(TEN_MINUTES_MS);
      expect(factsOf(fleet).members).toHaveLength(1);
      fleet.addMachine();
      await fleet.clock.advance(TEN_MINUTES_MS);
      fleet.end();
      const names = fleet.machines
        .filter((machine) => machine !== failing)
        .map(({ hostname }) => hostname);
      expect(factsOf(fleet).members.map(({ name }) => name)).toEqual(names.sort());
    },
    TIMEOUT_MS,
  );
});

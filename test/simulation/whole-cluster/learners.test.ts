import { describe, expect, test } from '@jest/globals';
import { createEtcdController } from '../../../src/controllers/etcd/controller.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import { addLearner } from '../../../src/simulation/etcd-membership.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { poweredHosts } from '../../../src/simulation/world-state.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';
import { inPlaceOf } from '../mutants/rogue.ts';

const TIMEOUT_MS = 120_000;
const TEN_MINUTES_MS = 600_000;
const ONE_MINUTE_MS = 60_000;
/** Its etcd was started by then, and has not caught up. */
const LEARNER_RUNS_MS = 1_500;
const SEEDS = [1, 2, 3];

function eventsOf({ world }: Fleet, event: string): readonly string[] {
  return world.state.journal.filter((each) => each.event === event).map(({ detail }) => detail);
}

/** What the controller under test gave as its reasons. */
function decidedIn(fleet: Fleet): readonly string[] {
  const events = logOf(fleet).list('event');
  return events.flatMap(({ value }) => (value.controller === 'etcd' ? [value.action] : []));
}

/** SIGKILL to the kubeadm that added the `number`th learner, while that catches up. */
function killKubeadm({ clock, world }: Fleet, number: number): void {
  let added = 0;
  world.onChange(({ event, host }) => {
    if (event !== 'member.added') return;
    added += 1;
    if (added !== number) return;
    void clock.sleep(LEARNER_RUNS_MS).then(() => {
      const units = world.state.hosts.get(host)?.runtime?.units ?? new Map<string, unknown>();
      for (const name of units.keys()) world.killOperation(host, name);
    });
  });
}

async function wholeFleet(seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes: 3, seed });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

describe('a learner that kubeadm leaves behind', () => {
  test.each([
    { which: 'beside a single voter', number: 1 },
    { which: 'beside two voters', number: 2 },
  ])(
    'is promoted once it is in sync, and its join goes on: $which',
    async ({ number }) => {
      for (const seed of SEEDS) {
        const fleet = startFleet({ nodes: 3, seed });
        killKubeadm(fleet, number);
        await untilWhole(fleet, TEN_MINUTES_MS);
        await untilTidy(fleet);
        fleet.end();
        expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
        expect(eventsOf(fleet, 'member.removed')).toEqual([]);
        expect(startsOf(fleet.world.state.journal, / kubeadm join /)).toHaveLength(2);
        expect(decidedIn(fleet)).toContain('promote-learner');
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'is taken over by the next control plane when its sponsor dies right then',
    async () => {
      for (const seed of SEEDS) {
        const fleet = startFleet({ nodes: 3, seed });
        const stop = fleet.onCall((machine, call) => {
          if (call !== 'etcd.promoteMember') return;
          stop();
          machine.kill();
          void fleet.clock.sleep(LEARNER_RUNS_MS).then(machine.start);
        });
        killKubeadm(fleet, 2);
        await untilWhole(fleet, TEN_MINUTES_MS);
        await untilTidy(fleet);
        fleet.end();
        expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      }
    },
    TIMEOUT_MS,
  );
});

function strangerIn({ world }: Fleet): void {
  const [host] = poweredHosts(world.state);
  const [cluster] = world.state.clusters.values();
  if (!host || !cluster) throw new RangeError('nobody serves');
  addLearner({ world: world.state, cluster, host }, 'feedbeef', 'https://10.88.9.9:2380');
}

const isThere = ({ world }: Fleet) =>
  [...world.state.clusters.values()].some(({ etcd }) =>
    etcd.members.some(({ id }) => id === 'feedbeef'),
  );

describe('a learner of nobody', () => {
  test(
    'is dropped after a minute by one control plane, so that others can join again',
    async () => {
      const fleet = await wholeFleet(5);
      strangerIn(fleet);
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(isThere(fleet)).toBe(true);
      await fleet.clock.advance(ONE_MINUTE_MS);
      fleet.end();
      expect(isThere(fleet)).toBe(false);
      expect(eventsOf(fleet, 'member.removed')).toEqual(['feedbeef']);
      expect(decidedIn(fleet)).toEqual(['drop-learner']);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'stays while etcd has an alarm, which the agent that looks after it tells',
    async () => {
      const fleet = await wholeFleet(5);
      strangerIn(fleet);
      fleet.world.raiseAlarm('n1', 'NOSPACE');
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      expect(isThere(fleet)).toBe(true);
      const told = fleet.machines.flatMap((machine) => {
        const health = machine.agent()?.member.current()?.manager.health()['etcd'];
        return health?.state === 'waiting' ? [health.wait.reason] : [];
      });
      expect(told).toEqual(['etcd-alarm']);
      fleet.world.clearAlarms('n1');
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      fleet.end();
      expect(isThere(fleet)).toBe(false);
    },
    TIMEOUT_MS,
  );
});

test(
  'etcd at rest is asked every 30 s, by one control plane',
  async () => {
    let asked: string[] = [];
    const fleet = startFleet({
      nodes: 3,
      seed: 5,
      alterPorts: (ports, { hostname }) => ({
        ...ports,
        etcd: {
          ...ports.etcd,
          health: async () => {
            asked = [...asked, hostname];
            return ports.etcd.health();
          },
        },
      }),
    });
    await untilWhole(fleet);
    await fleet.clock.advance(2 * ONE_MINUTE_MS);
    asked = [];
    await fleet.clock.advance(TEN_MINUTES_MS);
    fleet.end();
    expect(new Set(asked).size).toBe(1);
    expect(asked.length).toBeGreaterThanOrEqual(14);
    expect(asked.length).toBeLessThanOrEqual(20);
  },
  TIMEOUT_MS,
);

test(
  'an etcd controller that takes every learner for nobody’s is seen to break joins',
  async () => {
    const careless = inPlaceOf('etcd', () => {
      const etcd = createEtcdController();
      return register({
        ...etcd,
        async observe(ports) {
          const observed = await etcd.observe(ports);
          const health = await ports.etcd.health().catch(() => undefined);
          const members = (health?.members ?? []).map((member) => {
            return { ...member, healthy: true, orphanForMs: ONE_MINUTE_MS };
          });
          const learners = members.filter(({ learner }) => learner);
          return {
            ...observed,
            caretaker: true,
            intents: [],
            asked: { fresh: true, members: learners, alarms: [] },
          };
        },
        decide: (observed) => [...etcd.decide(observed), { type: 'requeue', afterMs: 500 }],
      });
    });
    const fleet = startFleet({ nodes: 3, seed: 1, ...careless });
    await untilWhole(fleet, TEN_MINUTES_MS).catch(() => undefined);
    fleet.end();
    expect(eventsOf(fleet, 'member.removed')).not.toEqual([]);
  },
  TIMEOUT_MS,
);

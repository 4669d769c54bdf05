import { describe, expect, test } from '@jest/globals';
import type { MemberOptions } from '../../../src/engine/membership.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
/** On a real host these look by running `systemctl`, `haproxy -v` and the like. */
const STARTS_PROGRAMS = ['host', 'operations'] as const;
const LOOKS = ['files', 'kube', 'etcd', 'balancer', 'podNetwork'] as const;

type PortName = (typeof STARTS_PROGRAMS)[number] | (typeof LOOKS)[number];

async function healthyFleet(
  nodes: number,
  { spec, ...options }: Pick<FleetOptions, 'spec' | 'alterPorts'> = {},
): Promise<Fleet> {
  const controlPlanes = nodes < 3 ? 1 : 3;
  const fleet = startFleet({ nodes, seed: 1, spec: { controlPlanes, ...spec }, ...options });
  await untilWhole(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

/** What was done to hosts, and which entries of the log were written, since a moment. */
function since({ recorder, world }: Fleet, sinceMs: number) {
  return {
    toHosts: world.state.journal.filter(({ atMs }) => atMs >= sinceMs),
    toLog: recorder
      .trace()
      .entries.flatMap((entry) =>
        entry.type === 'log.committed' && entry.atMs >= sinceMs ? [entry.kind] : [],
      ),
  };
}

/** All that the API holds which may change. */
function apiText({ world }: Fleet): string {
  const { clusters } = world.state;
  const api = [...clusters.values()].map(({ nodes, tokens, etcd, addons, configuration }) => {
    return [[...nodes.values()], [...tokens.values()], etcd, [...addons], configuration];
  });
  return JSON.stringify(api);
}

/** The same ports, which tell of every call, also of those that only look. */
function overheard(
  ports: MemberOptions['ports'],
  onCall: (name: PortName) => void,
): MemberOptions['ports'] {
  const heard = <T extends object>(port: T, name: PortName): T =>
    new Proxy(port, {
      get(target, method) {
        onCall(name);
        return Reflect.get(target, method);
      },
    });
  return {
    ...ports,
    host: heard(ports.host, 'host'),
    operations: heard(ports.operations, 'operations'),
    files: heard(ports.files, 'files'),
    kube: heard(ports.kube, 'kube'),
    etcd: heard(ports.etcd, 'etcd'),
    balancer: heard(ports.balancer, 'balancer'),
    podNetwork: heard(ports.podNetwork, 'podNetwork'),
  };
}

describe('a healthy cluster', () => {
  test.each([1, 5])(
    'is left alone: %i nodes, ten minutes',
    async (nodes) => {
      const fleet = await healthyFleet(nodes);
      const [startMs, before] = [fleet.clock.nowMs(), apiText(fleet)];
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      fleet.end();
      expect(since(fleet, startMs)).toEqual({ toHosts: [], toLog: [] });
      expect(apiText(fleet)).toBe(before);
    },
    TIMEOUT_MS,
  );

  test(
    'asks nothing of a host that starts a program there: control planes, a worker and a spare',
    async () => {
      const calls: PortName[] = [];
      const fleet = await healthyFleet(5, {
        spec: { size: 4 },
        alterPorts: (ports) => overheard(ports, (name) => calls.push(name)),
      });
      // Whoever looks but once a minute has to have seen it healthy, once.
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      const before = calls.length;
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      fleet.end();
      const later = new Set(calls.slice(before));
      expect(calls.slice(0, before)).toEqual(expect.arrayContaining([...STARTS_PROGRAMS]));
      expect([...later]).toEqual(expect.arrayContaining(['files']));
      expect(STARTS_PROGRAMS.filter((name) => later.has(name))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is told of nothing but its leader when one agent after the other is restarted',
    async () => {
      const fleet = await healthyFleet(3);
      const { machines, clock } = fleet;
      const startMs = clock.nowMs();
      for (const machine of machines) {
        await clock.drive(machine.stop());
        machine.start();
        await clock.advance(ONE_MINUTE_MS);
      }
      fleet.end();
      const { toHosts, toLog } = since(fleet, startMs);
      expect(toHosts).toEqual([]);
      expect([...new Set(toLog)]).toEqual(['leadership']);
    },
    TIMEOUT_MS,
  );

  test(
    'has a leader within ten seconds, and is changed in nothing, after all agents were killed',
    async () => {
      const fleet = await healthyFleet(3);
      const { machines, clock } = fleet;
      const startMs = clock.nowMs();
      for (const machine of machines) machine.kill();
      await clock.advance(ONE_MINUTE_MS);
      for (const machine of machines) machine.start();
      await clock.runUntil(() => fleet.leader() !== undefined, 10_000);
      await clock.advance(2 * ONE_MINUTE_MS);
      fleet.end();
      const { toHosts, toLog } = since(fleet, startMs);
      expect(toHosts).toEqual([]);
      expect([...new Set(toLog)]).toEqual(['leadership']);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
    },
    TIMEOUT_MS,
  );
});

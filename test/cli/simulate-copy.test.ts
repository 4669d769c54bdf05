import { describe, expect, test } from '@jest/globals';
import { logCopyAnswer } from '../../src/agent/log-copy-answer.ts';
import { readCopy } from '../../src/cli/simulate/live-cluster.ts';
import { runSimulation } from '../../src/simulation/scenario/run-simulation.ts';
import type { Role } from '../../src/state/assignment.ts';
import { simulatedAnswer } from '../support/simulated-answers.ts';

const ZONES = ['a', 'b', 'c'];
const COPIED =
  'Copied are names, zones, labels, sizes, roles, the spec, the places of the log and who is dead; workloads, addresses, certificates and work under way are not.';

/** Each takes about a second of a processor that has nothing else to do. */
const DEADLINE_MS = 30_000;

/** Seven machines in three zones, of which one is dead. */
const seven = await simulatedAnswer({
  nodes: 7,
  seed: 4,
  spec: { controlPlanes: 3, zones: ['b', 'a'] },
  facts: (number) => ({ hostname: `host-${number}`, zone: ZONES[number % 3] ?? '' }),
  off: ['host-5'],
});

describe('a copy of a cluster', () => {
  test('has the names, zones, roles and dead of the other', async () => {
    const { machines, notes } = readCopy(seven);
    expect(machines.map(({ hostname, zone, isDead }) => ({ hostname, zone, isDead }))).toEqual(
      Array.from({ length: 7 }, (_, index) => ({
        hostname: `host-${index + 1}`,
        zone: ZONES[(index + 1) % 3],
        isDead: index === 4,
      })),
    );
    expect(countOf(machines.map(({ role }) => role))).toEqual({ 'control-plane': 3, worker: 4 });
    expect(notes).toEqual([COPIED]);
  });

  test.each([1, 2])(
    'becomes the same cluster in the simulation, with seed %i',
    async (seed) => {
      const blueprint = readCopy(seven);
      const plan = { events: [], forMs: 1_000, seed };
      const { nodes, notes, verdict } = await runSimulation(blueprint, plan);
      expect(nodes.map(({ hostname, role, liveness }) => ({ hostname, role, liveness }))).toEqual(
        blueprint.machines.map(({ hostname, role, isDead }) => {
          return { hostname, role, liveness: isDead ? 'dead' : 'alive' };
        }),
      );
      expect(notes).toEqual([COPIED]);
      expect(verdict.ending).toBe('degraded');
    },
    DEADLINE_MS,
  );

  test(
    'keeps its log where the log of the other is',
    async () => {
      const blueprint = readCopy(seven);
      const { replicaHosts = [] } = blueprint.genesis ?? {};
      expect(replicaHosts).toHaveLength(3);
      // Its replica has moved.
      expect(replicaHosts).not.toContain('host-5');
      const lost = replicaHosts.slice(1);
      const events = lost.map((host) => ({ type: 'power-off', host, atMs: 0 }) as const);
      const { verdict } = await runSimulation(blueprint, { events, forMs: 60_000, seed: 1 });
      expect(verdict.ending).toBe('frozen');
      expect(verdict.reasons[0]).toMatch(/^The log has 1 of 3 replicas together/);
    },
    DEADLINE_MS,
  );
});

test('a machine whose place others have is left out of a copy', async () => {
  const facts = (number: number) => ({ hostname: `host-${number}`, zone: ZONES[number % 3] ?? '' });
  const spec = { controlPlanes: 3, zones: ['b', 'a'] } as const;
  const answer = await simulatedAnswer({
    nodes: 7,
    seed: 4,
    spec: { ...spec, zones: [...spec.zones] },
    facts,
    off: ['host-2'],
  });
  const { machines, genesis } = readCopy(answer);
  expect(machines.map(({ hostname }) => hostname)).not.toContain('host-2');
  expect(countOf(machines.map(({ role }) => role))).toEqual({ 'control-plane': 3, worker: 3 });
  expect(machines.map(({ hostname }) => hostname)).toContain(genesis?.firstControlPlane);
});

describe('a copy that this release can not read is refused, with exit code 2, when', () => {
  test.each([
    {
      when: 'its form is a later one',
      differs: { version: 2 },
      why: 'its version does not fit: is of another release',
    },
    {
      when: 'the agent itself could not read an entry',
      differs: { unread: ['The log holds volume.a, a kind that this version does not know.'] },
      why: 'The log holds volume.a, a kind that this version does not know',
    },
    {
      when: 'an entry is of a kind that only the agent knows',
      differs: { records: [{ path: 'volume.a', revision: 1, text: '{}' }] },
      why: 'The log holds volume.a, a kind that this version does not know',
    },
    {
      when: 'an entry has a field that only the agent knows',
      differs: { records: [{ path: 'spec.current', revision: 1, text: '{"colour":"red"}' }] },
      why: expect.stringContaining("The log's entry spec.current does not fit this version"),
    },
  ])('$when', async ({ differs, why }) => {
    const answer = { ...seven, ...differs };
    const message =
      typeof why === 'string'
        ? `The copy of the log is of a newer release (${why}): use the civitas of that release.`
        : why;
    expect(() => readCopy(answer)).toThrow(
      expect.objectContaining({ code: 'cli.newer-copy', message }),
    );
  });
});

test('an agent without a cluster has nothing to copy', () => {
  expect(() => logCopyAnswer(null, undefined)).toThrow(
    'There is no cluster yet: see what `civitas status` waits for.',
  );
});

function countOf(roles: readonly (Role | null)[]): Readonly<Record<string, number>> {
  const groups = Object.groupBy(roles, (role) => role ?? 'none');
  return Object.fromEntries(Object.entries(groups).map(([role, all]) => [role, all.length]));
}

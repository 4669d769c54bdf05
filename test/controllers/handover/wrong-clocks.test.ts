import { describe, expect, jest, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { type Run, runScenario } from '../../../src/simulation/search/run-scenario.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(120_000);

const ONE_YEAR_MS = 31_557_600_000;
const TWO_MINUTES_MS = 120_000;
const FOUR_MINUTES_MS = 240_000;
/** With this seed n4 is the first control plane, and n1 joins by it. */
const SEED = 9;
/** Three machines join; in four minutes each may get two tokens, and another when the clock is set. */
const FEW_TOKENS = 9;

function tokensOf({ trace }: Run): number {
  return trace.entries.filter(
    (entry) => entry.type === 'agent.called' && entry.call === 'kube.createBootstrapToken',
  ).length;
}

function serving(fleet: Fleet): readonly string[] {
  return fleet.machines
    .filter((machine) => statusOf(fleet, machine.hostname)?.phase === 'serving')
    .map(({ hostname }) => hostname);
}

function statusOf(fleet: Fleet, hostname: string) {
  return fleet.store()?.get('status', fleet.machine(hostname).node().nodeId)?.value;
}

describe('a wall clock that is wrong for minutes while a cluster forms', () => {
  test.each([
    { whose: 'the sponsor', host: 'n4', how: 'a year behind', amount: 0 },
    { whose: 'the sponsor', host: 'n4', how: 'a week ahead', amount: 0.51 },
    { whose: 'a joining machine', host: 'n1', how: 'a week behind', amount: 0.49 },
    { whose: 'a joining machine', host: 'n1', how: 'nearly a year ahead', amount: 0.99 },
  ])('costs few tokens and no machine: that of $whose, $how', async ({ host, amount }) => {
    const hosts = [host];
    const run = await runScenario({
      seed: SEED,
      mode: 'whole',
      nodes: 4,
      controlPlanes: 3,
      graceSeconds: 60,
      startWithinMs: 2_000,
      faults: [{ kind: 'wall-clock-jumps', atMs: 3_000, lastsMs: FOUR_MINUTES_MS, hosts, amount }],
    });
    const { missed, violations } = run;
    expect({ missed, violations }).toEqual({ missed: undefined, violations: [] });
    expect(tokensOf(run)).toBeLessThanOrEqual(FEW_TOKENS);
  });

  test.each([
    { how: 'ahead', byMs: ONE_YEAR_MS },
    { how: 'behind', byMs: -ONE_YEAR_MS },
  ])(
    'keeps nobody else waiting, and its own machine says why it waits: a year $how',
    async ({ byMs }) => {
      const fleet = startFleet({ nodes: 4, seed: SEED, spec: { controlPlanes: 3 } });
      await fleet.clock.advance(3_000);
      fleet.machine('n1').jumpWall(byMs);
      await fleet.clock.runUntil(() => serving(fleet).length === 3, TWO_MINUTES_MS);
      await fleet.clock.advance(TWO_MINUTES_MS);

      expect(serving(fleet)).toEqual(['n2', 'n3', 'n4']);
      expect(statusOf(fleet, 'n1')?.waiting).toMatchObject({
        reason: 'clock',
        message: expect.stringMatching('the clock of this host or of n4 is wrong'),
      });
      fleet.machine('n1').jumpWall(-byMs);
      await untilWhole(fleet);
      fleet.end();
      expect(serving(fleet)).toEqual(['n1', 'n2', 'n3', 'n4']);
    },
  );
});

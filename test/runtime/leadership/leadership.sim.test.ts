import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryLog, type MemoryLog } from '../../../src/simulation/memory-log.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { type Candidate, createCandidate } from './simulated-candidate.ts';

type FaultKind = 'pause' | 'cut' | 'blind' | 'all-blind' | 'no-quorum' | 'restart-log' | 'crash';

interface Fault {
  readonly kind: FaultKind;
  readonly candidate: number;
  readonly afterMs: number;
  readonly durationMs: number;
}

interface World {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly candidates: readonly Candidate[];
  /** Moments at which more than one agent, had it decided something, would have led. */
  readonly violations: string[];
}

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom<FaultKind>(
    'pause',
    'cut',
    'blind',
    'all-blind',
    'no-quorum',
    'restart-log',
    'crash',
  ),
  candidate: fc.nat({ max: 2 }),
  afterMs: fc.nat({ max: 20_000 }),
  durationMs: fc.nat({ max: 40_000 }),
});

test('whatever pauses, cuts, blinds or kills agents and replicas, two terms never live at once, and when it ends one does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(fault, { maxLength: 12 }), async (seed, faults) => {
      const world = createWorld(seed);
      void watch(world);
      for (const each of faults) {
        await world.clock.advance(each.afterMs);
        void strike(world, each);
      }
      await world.clock.advance(40_000);
      await world.clock.advance(60_000);

      expect(world.violations).toEqual([]);
      expect(leaders(world)).toHaveLength(1);
    }),
    { numRuns: Number(process.env['CIVITAS_RUNS'] ?? 60) },
  );
}, 900_000);

function createWorld(seed: number): World {
  const clock = createVirtualClock();
  const log = createMemoryLog();
  const random = createSeededRandom(seed);
  const candidates = ['a', 'b', 'c'].map((name) => createCandidate(name, log, clock, random));
  return { clock, log, candidates, violations: [] };
}

function leaders({ candidates }: World): readonly number[] {
  return candidates.flatMap((candidate) => {
    const term = candidate.isPaused() ? undefined : candidate.leadership().term();
    return term === undefined ? [] : [term];
  });
}

async function watch(world: World): Promise<void> {
  for (;;) {
    await world.clock.sleep(100);
    note(world, leaders(world));
  }
}

function note({ clock, violations }: World, terms: readonly number[]): void {
  if (terms.length > 1) violations.push(`${clock.nowMs()} ms: terms ${terms.join(' and ')}`);
}

async function strike(world: World, { kind, candidate: index, durationMs }: Fault): Promise<void> {
  const { candidates, clock, log } = world;
  const candidate = candidates[index];
  if (!candidate) return;
  switch (kind) {
    case 'pause': {
      candidate.pause();
      await clock.sleep(durationMs);
      const believed = candidate.resume();
      return note(world, [...new Set([...leaders(world), ...(believed ? [believed] : [])])]);
    }
    case 'cut':
      candidate.link.setUp(false);
      await clock.sleep(durationMs);
      return candidate.link.setUp(true);
    case 'blind':
      candidate.link.setWatching(false);
      await clock.sleep(durationMs);
      return candidate.link.setWatching(true);
    case 'all-blind':
      for (const each of candidates) each.link.setWatching(false);
      await clock.sleep(durationMs);
      for (const each of candidates) each.link.setWatching(true);
      return;
    case 'no-quorum':
      log.setQuorum(false);
      await clock.sleep(durationMs);
      return log.setQuorum(true);
    case 'restart-log':
      return log.restart();
    case 'crash':
      return candidate.crash();
  }
}

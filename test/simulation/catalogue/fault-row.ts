import { FAIL_POINTS } from '../../../src/simulation/faults/fail-points.ts';
import type { Scenario } from '../../../src/simulation/search/scenario.ts';

/** A run of the simulation that makes exactly this fault happen, judged by the checker. */
interface SimulatedCase {
  readonly type: 'simulated';
  /** A sentence that stays true. */
  readonly shows: string;
  readonly scenario: Pick<Scenario, 'mode' | 'nodes' | 'faults'> &
    Partial<Pick<Scenario, 'controlPlanes' | 'startWithinMs' | 'seed' | 'upgradeTo'>>;
}

/** A test elsewhere: real processes, real files, or one part alone. `title` stands in that file. */
interface TestCase {
  readonly type: 'test' | 'lab';
  readonly file: string;
  readonly title: string;
}

/** Nothing shows it yet, and why. */
interface NoCase {
  readonly type: 'none';
  readonly why: string;
}

export type FaultCase = SimulatedCase | TestCase | NoCase;

/** One fault that civitas has to survive, and how that is shown. */
export interface FaultRow {
  readonly number: number;
  readonly fault: string;
  /** Invariants and bounds that it could break, `S1` … `S26`, `L1` … `L14`. */
  readonly invariants: readonly string[];
  readonly cases: readonly FaultCase[];
}

/** Of a file below test/. */
export function test(file: string, title: string): TestCase {
  return { type: 'test', file: `test/${file}.test.ts`, title };
}

export function lab(file: string, title: string): TestCase {
  return { type: 'lab', file: `test/e2e/${file}.e2e.ts`, title };
}

export function none(why: string): NoCase {
  return { type: 'none', why };
}

export function simulated(shows: string, scenario: SimulatedCase['scenario']): SimulatedCase {
  return { type: 'simulated', shows, scenario };
}

type ScenarioFault = Scenario['faults'][number];

/** A fault from second `at` on, for `lasts` seconds. */
export function fault(
  kind: ScenarioFault['kind'],
  [at, lasts]: readonly [at: number, lasts: number],
  hosts: string[],
  amount = 0,
): ScenarioFault {
  return { kind, atMs: at * 1_000, lastsMs: lasts * 1_000, hosts, amount };
}

/** The first agent that comes to a place after second `at` is killed there, and starts again 3 s later. */
export function killedAt(at: number, point: (typeof FAIL_POINTS)[number]): ScenarioFault {
  const amount = (FAIL_POINTS.indexOf(point) + 0.5) / FAIL_POINTS.length;
  return fault('agent-killed-at-call', [at, 3], [], amount);
}

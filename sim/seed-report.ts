import { statesOf } from '../src/simulation/search/cluster-states.ts';
import type { Run } from '../src/simulation/search/run-scenario.ts';
import { failureOf } from '../src/simulation/search/verdict.ts';

/** What is left of a run once it was judged: small enough to send between threads. */
export interface SeedReport {
  readonly seed: number;
  /** One sentence; undefined when all went well. */
  readonly failure: string | undefined;
  readonly virtualMs: number;
  readonly cpuMs: number;
  readonly entries: number;
  /** Digests of the states of a cluster that no run of this thread came to before. */
  readonly states: readonly number[];
  /** How often each kind of fault began. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often agents came to each fail point. */
  readonly failPoints: Readonly<Record<string, number>>;
  /** How often one was killed there. */
  readonly kills: Readonly<Record<string, number>>;
}

/** `known`: the states of this thread's runs so far; those of this one are added. */
export function seedReport(run: Run, cpuMs: number, known: Set<number>): SeedReport {
  const { scenario, trace, virtualMs, failPoints } = run;
  const faults: Record<string, number> = {};
  const kills: Record<string, number> = {};
  for (const entry of trace.entries) {
    if (entry.type === 'fault.begun') faults[entry.fault] = (faults[entry.fault] ?? 0) + 1;
    if (entry.type === 'fail-point.killed') kills[entry.point] = (kills[entry.point] ?? 0) + 1;
  }
  const states = [...statesOf(trace)].filter((state) => !known.has(state));
  for (const state of states) known.add(state);
  return {
    seed: scenario.seed,
    failure: failureOf(run),
    virtualMs,
    cpuMs,
    entries: trace.entries.length,
    states,
    faults,
    kills,
    failPoints: Object.fromEntries(failPoints),
  };
}

import { FAIL_POINTS, RARE_FAIL_POINTS } from '../src/simulation/faults/fail-points.ts';
import { FAULT_KINDS } from '../src/simulation/faults/fault.ts';
import { faultEffects } from '../src/simulation/faults/kinds.ts';
import type { SeedReport } from './seed-report.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_MINUTE = 60_000;

/** Everything that a search has to say when it is over. */
export interface Summary {
  readonly seeds: number;
  readonly failures: readonly SeedReport[];
  readonly virtualHours: number;
  readonly cpuMinutes: number;
  /** Entries of all traces. */
  readonly entries: number;
  /** How many of a cluster's states differ, as src/simulation/search/cluster-states.ts tells them apart. */
  readonly states: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly failPoints: ReadonlyMap<string, number>;
  readonly kills: ReadonlyMap<string, number>;
  /** Fail points that the search should have come to, or met without knowing them. */
  readonly wrongPoints: readonly string[];
}

/** Below this many seeds a rare fail point may be missed by chance. */
const SEEDS_FOR_ALL_POINTS = 1_000;

export function summarize(reports: readonly SeedReport[]): Summary {
  const failPoints = counts(reports.map(({ failPoints }) => failPoints));
  return {
    seeds: reports.length,
    failures: reports.filter(({ failure }) => failure !== undefined),
    virtualHours: total(reports.map(({ virtualMs }) => virtualMs)) / MS_PER_HOUR,
    cpuMinutes: total(reports.map(({ cpuMs }) => cpuMs)) / MS_PER_MINUTE,
    entries: total(reports.map(({ entries }) => entries)),
    states: new Set(reports.flatMap(({ states }) => states)).size,
    faults: counts(reports.map(({ faults }) => faults)),
    failPoints,
    kills: counts(reports.map(({ kills }) => kills)),
    wrongPoints: wrongPoints(failPoints, reports.length),
  };
}

/** As lines for a terminal. */
export function summaryLines(summary: Summary): readonly string[] {
  const { seeds, failures, virtualHours, cpuMinutes } = summary;
  const { entries, states } = summary;
  const perMinute = (virtualHours / cpuMinutes).toFixed(1);
  return [
    'Faults',
    ...FAULT_KINDS.map((kind) => {
      return `  ${pad(summary.faults.get(kind) ?? 0)}  ${kind}: ${faultEffects[kind].does}`;
    }),
    '',
    'Fail points: calls at which an agent may die; how often one came there, and was killed',
    ...[...summary.failPoints].sort().map(([point, count]) => {
      return `  ${pad(count)}  ${pad(summary.kills.get(point) ?? 0)}  ${point}`;
    }),
    '',
    `${seeds} seeds, ${virtualHours.toFixed(1)} virtual hours in ${cpuMinutes.toFixed(1)} minutes of CPU: ${perMinute} virtual hours per minute.`,
    `${states} different states of a cluster, machines by any name, in ${entries} entries of traces.`,
    ...failures.flatMap(({ seed, failure }) => [
      `FAILED seed ${seed}: ${failure}`,
      `  again: npm run sim -- --seed ${seed}`,
    ]),
    ...summary.wrongPoints,
    failures.length === 0 ? 'Nothing failed.' : `${failures.length} of ${seeds} seeds failed.`,
  ];
}

function wrongPoints(hits: ReadonlyMap<string, number>, seeds: number): readonly string[] {
  const known: readonly string[] = FAIL_POINTS;
  const unknown = [...hits.keys()].filter((point) => !known.includes(point));
  const missed = demanded(seeds).filter((point) => !hits.has(point));
  return [
    ...unknown.map((point) => `FAILED fail point ${point} is not listed: add it to FAIL_POINTS.`),
    ...missed.map((point) => `FAILED fail point ${point} was never reached: no run tests it.`),
  ];
}

function counts(all: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const one of all) {
    for (const [name, count] of Object.entries(one)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return sums;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function pad(count: number): string {
  return String(count).padStart(8);
}

function demanded(seeds: number): readonly string[] {
  if (seeds < SEEDS_FOR_ALL_POINTS) return [];
  return FAIL_POINTS.filter((each) => seeds >= (RARE_FAIL_POINTS[each] ?? SEEDS_FOR_ALL_POINTS));
}

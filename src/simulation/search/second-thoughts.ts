import type { Span } from '../faults/draw-faults.ts';
import type { Fault } from '../faults/fault.ts';
import { createSeededRandom } from '../seeded-random.ts';

/** One run in so many, and which of them. */
const SHARE = 5;
const TURN = 3;
/** So that these draws have nothing to do with those of the run itself. */
const SALT = 7_919;
/** Without pods to move a worker has left within seconds. */
const LONGEST_MS = 5_000;

interface Run {
  readonly seed: number;
  readonly mode: 'safety' | 'whole' | 'core';
  readonly nodes: number;
  /** Control planes that may be wanted at any time of it. */
  readonly most: number;
}

/**
 * In some runs somebody asks a machine to leave, and takes that back before long. By the seed alone, so
 * that all other faults are drawn as if nobody did. Where the cluster has to be whole in the end it is
 * so without that machine too, as it may be too late.
 */
export function secondThoughts(run: Run, { fromMs, untilMs }: Span): readonly Fault[] {
  const { seed, mode, nodes, most } = run;
  if (seed % SHARE !== TURN || mode === 'core' || nodes === 1) return [];
  if (mode === 'whole' && nodes <= most) return [];
  const random = createSeededRandom(seed + SALT);
  const hosts = [`n${1 + Math.floor(random.number() * nodes)}`];
  const atMs = Math.round(fromMs + random.number() * (untilMs - fromMs));
  const laterMs = atMs + Math.round(random.number() ** 3 * LONGEST_MS);
  const once = { lastsMs: 0, hosts, amount: 0 };
  return [
    { kind: 'leave-asked', atMs, ...once },
    { kind: 'leave-withdrawn', atMs: laterMs, ...once },
  ];
}

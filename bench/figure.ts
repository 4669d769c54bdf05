import { plainTable } from '../src/cli/plain-table.ts';

/** One row of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  /** What peers need for the same, measured on a machine of this size, and who. */
  readonly peers: string;
}

export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, goal, peers }) => [what, measured, goal, peers]);
  return plainTable(['WHAT', 'CIVITAS (min / median / max)', 'GOAL', 'PEERS'], rows);
}

/** `0.21 / 0.33 / 0.61 s` of values in milliseconds. */
export function spread(valuesMs: readonly number[]): string {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const text = [sorted[0] ?? 0, median, sorted.at(-1) ?? 0].map((ms) => (ms / 1_000).toFixed(2));
  return `${text.join(' / ')} s`;
}

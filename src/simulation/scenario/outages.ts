/** From a moment on something works, or does not. */
export interface WorksFrom {
  readonly atMs: number;
  readonly works: boolean;
}

export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When it did not work between two moments; `changes` by time, and before the first it did not. Pure. */
export function outages(
  changes: readonly WorksFrom[],
  { fromMs, toMs }: Outage,
): readonly Outage[] {
  const moments = [{ atMs: Number.NEGATIVE_INFINITY, works: false }, ...changes];
  const found: Outage[] = [];
  for (const [index, { atMs, works }] of moments.entries()) {
    const start = Math.max(fromMs, atMs);
    const end = Math.min(toMs, moments[index + 1]?.atMs ?? toMs);
    if (works || end <= start) continue;
    const before = found.at(-1);
    if (before?.toMs === start) found[found.length - 1] = { fromMs: before.fromMs, toMs: end };
    else found.push({ fromMs: start, toMs: end });
  }
  return found;
}

export function totalMs(found: readonly Outage[]): number {
  return found.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

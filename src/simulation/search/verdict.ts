import type { Run } from './run-scenario.ts';

/** Why a run failed: the invariants it broke, and what it missed; undefined when it went well. */
export function failureOf({ violations, missed }: Run): string | undefined {
  const [violation] = violations;
  if (violation) return `${violation.invariant}: ${violation.sentence}`;
  return missed === undefined ? undefined : `liveness: ${missed}`;
}

/** The part of a failure that a smaller scenario must share. */
export function failureKind(run: Run): string | undefined {
  return failureOf(run)?.split(':')[0];
}

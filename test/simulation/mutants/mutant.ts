import { check } from '../../../src/simulation/checker/check.ts';
import type { Invariant } from '../../../src/simulation/checker/rule.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/simulation/fleet/fleet.ts';

export type Alterations = Pick<FleetOptions, 'controllers' | 'alterPorts'>;

/** A fleet with one thing wrong, and what happens to it so that this must show. */
export interface Mutant {
  /** The one that has to catch it. */
  readonly rule: Invariant;
  /** What is wrong, to stand after "a fleet in which". */
  readonly name: string;
  readonly options?: Partial<FleetOptions>;
  /** What is built differently; made anew for each run. */
  readonly altered?: () => Alterations;
  /** What happens; `isBroken` is false in the run that shows that only the mutation is to blame. Default: a minute passes. */
  readonly script?: (fleet: Fleet, isBroken: boolean) => Promise<void>;
}

export const ONE_MINUTE_MS = 60_000;
const CANARY = 'join-key-4711';

type Script = NonNullable<Mutant['script']>;

/** Runs without a mutation that differ in nothing are made once. */
const soundRuns = new Map<Script, Promise<readonly string[]>>();

/** Titles of the rules that the mutant breaks, in order of appearance. */
export function brokenBy({ options, altered, script = formation }: Mutant) {
  return run({ ...options, ...altered?.() }, (fleet) => script(fleet, true));
}

/** The same without the mutation. */
export function brokenWithout({ options, script = formation }: Mutant) {
  if (options !== undefined) return run(options, (fleet) => script(fleet, false));
  const known = soundRuns.get(script) ?? run({}, (fleet) => script(fleet, false));
  soundRuns.set(script, known);
  return known;
}

async function run(
  options: Partial<FleetOptions>,
  script: (fleet: Fleet) => Promise<void>,
): Promise<readonly string[]> {
  const fleet = startFleet({ nodes: 3, seed: 11, canaries: [CANARY], ...options });
  try {
    await script(fleet);
  } finally {
    fleet.end();
  }
  return check(fleet.recorder.trace()).map(({ title }) => title);
}

async function formation({ clock }: Fleet): Promise<void> {
  await clock.advance(ONE_MINUTE_MS);
}

/** Two minutes pass, and then nothing may change any more for two more. */
export async function settle({ clock, recorder }: Fleet): Promise<void> {
  await clock.advance(2 * ONE_MINUTE_MS);
  recorder.note('*', { type: 'script.settled' });
}

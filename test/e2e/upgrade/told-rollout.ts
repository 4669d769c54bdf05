import { civitas, eventually } from '../support/machines.ts';
import { type RolloutTold, rolloutTo } from '../support/rollouts.ts';

/** The newest rollout to a release, and the machine that is asked for it. */
export interface Asked {
  readonly machine: string;
  readonly release: string;
}

const WITHIN_MS = 120_000;
const STATE_WITHIN_MS = 240_000;
const HARMLESS = ['prepare', 'checks'];

export async function rolloutThere({ machine, release }: Asked): Promise<RolloutTold> {
  const told = await rolloutTo(machine, release);
  if (told === undefined) throw new Error(`there is no rollout to ${release}`);
  return told;
}

/** What `civitas plan` says of the rollout, as people read it, once that is in it. */
export async function planSays({ machine, release }: Asked, words: RegExp): Promise<string> {
  const read = async () => {
    const { planId = '' } = (await rolloutTo(machine, release)) ?? {};
    return (await civitas(machine, 'plan', ...(planId === '' ? [] : [planId]))).stdout;
  };
  const told = await eventually(read, (text) => words.test(text), WITHIN_MS);
  process.stdout.write(`${told}\n`);
  return told;
}

export async function untilState(
  { machine, release }: Asked,
  state: string,
  withinMs = STATE_WITHIN_MS,
): Promise<RolloutTold> {
  const told = await eventually(
    () => rolloutTo(machine, release),
    (rollout) => rollout?.state === state,
    withinMs,
  );
  if (told === undefined) throw new Error(`there is no rollout to ${release}`);
  return told;
}

/** `n2: control planes` for each step that ever began. */
export function begun({ steps }: RolloutTold): readonly string[] {
  return steps
    .filter(({ startedWallMs }) => startedWallMs !== null)
    .map(({ hostname, stage }) => `${hostname}: ${stage}`);
}

/** Those of them that touched what runs on a node. */
export function disturbing(rollout: RolloutTold): readonly string[] {
  return begun(rollout).filter((each) => !HARMLESS.includes(each.split(': ')[1] ?? ''));
}

/** Host names of the nodes whose step is under way. */
export function underWayNow({ steps }: RolloutTold): readonly string[] {
  return steps.filter(({ state }) => state === 'under-way').map(({ hostname }) => hostname);
}

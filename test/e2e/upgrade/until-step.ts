import type { Stage } from '../../../src/state/rollout.ts';
import { eventually } from '../support/machines.ts';
import { type RolloutTold, rolloutTo } from '../support/rollouts.ts';

type StepTold = RolloutTold['steps'][number];

interface Place {
  /** Asked for the rollout. */
  readonly machine: string;
  readonly release: string;
  readonly stage: Stage;
}

const BEGINS_WITHIN_MS = 400_000;
const GIVES_PODS_AWAY = /gives its pods away/;

/** The step of that stage that is under way, once its node has no pods to give away any more. */
export async function untilUnderWay({ machine, release, stage }: Place): Promise<StepTold> {
  const find = async () => (await rolloutTo(machine, release))?.steps.find(isInTheMiddle);
  const step = await eventually(find, (found) => found !== undefined, BEGINS_WITHIN_MS);
  if (step === undefined) throw new Error(`no step of ${stage} is under way`);
  return step;

  function isInTheMiddle(each: StepTold): boolean {
    const { state, doing } = each;
    if (each.stage !== stage || state !== 'under-way' || doing === null) return false;
    return !GIVES_PODS_AWAY.test(doing);
  }
}

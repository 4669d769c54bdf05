import type { Progress, Rollout, RolloutStep } from '../../state/rollout.ts';
import type { Try } from './step-states.ts';

/** Steps that came to an end since the last word on the rollout, a sentence for each kind of end. */
export function stepNews(
  { steps }: Rollout,
  before: Progress | undefined,
  next: Progress,
): readonly string[] {
  const ended = next.steps.flatMap((last, place) => {
    const step = steps[last.index];
    const isNew = last.outcome !== null && (before?.steps[place]?.outcome ?? null) === null;
    return step && isNew ? [{ step, last }] : [];
  });
  const failed = ended.filter(({ last }) => last.outcome === 'failed');
  const others = ended.filter((each) => !failed.includes(each));
  const kinds = Map.groupBy(others, ({ step, last }) => endText(step, last));
  return [
    ...failed.map(({ step, last }) => failureText(step, last.why ?? 'no reason given')),
    ...[...kinds].map(([text, all]) => `${text}: ${all.map(hostname).join(', ')}`),
  ];
}

/** `n2 failed to upgrade kubelet: its kubelet did not start`. */
export function failureText({ hostname: name, task }: RolloutStep, why: string): string {
  return `${name} failed to ${task.replaceAll('-', ' ')}: ${why}`;
}

function endText({ task, kubernetesVersion }: RolloutStep, { outcome }: Try): string {
  const what = `${task} (${kubernetesVersion})`;
  switch (outcome) {
    case 'dropped':
      return `${what} was dropped`;
    case 'recalled':
      return `${what} was taken back before it began`;
    default:
      return `${what} is done`;
  }
}

function hostname({ step }: { readonly step: RolloutStep }): string {
  return step.hostname;
}

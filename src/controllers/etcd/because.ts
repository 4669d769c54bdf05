import type { Guard, Reasons } from '../../state/decision-event.ts';
import type { Asked } from './observed.ts';

/** Why a change is made, beside what all of them wait for: a quorum, and no alarm. */
export function because(
  { members }: Asked,
  action: string,
  summary: string,
  further: readonly Guard[] = [],
): Reasons {
  const voters = members.filter(({ learner }) => !learner);
  const healthy = voters.filter((voter) => voter.healthy).length;
  const guards: Guard[] = [
    { name: 'no-alarm', passed: true, message: 'etcd has no alarm' },
    {
      name: 'voters-answer',
      passed: true,
      message: `${healthy} of ${voters.length} voters of etcd answer and are well`,
    },
    ...further,
  ];
  return { action, summary, guards, rejected: [] };
}

import { quorumOf } from '../../state/projected-quorum.ts';
import type { Action } from './action.ts';
import { because } from './because.ts';
import type { Asked, Intent, Observed, SeenMember } from './observed.ts';
import { isMemberOf } from './ownership.ts';

/**
 * A host waits at least 15 s for its proof and 5 s more before it is cleaned: whoever saw kubeadm end
 * has that long, less what the news may have taken (a watch of the log that is silent for two beats of
 * 2 s counts as broken).
 */
const NOT_CLEANED_WITHIN_MS = 10_000;
/** What was just seen is true for so long. */
const SEEN_LASTS_MS = 1_000;

/**
 * A join that kubeadm gave up on, because its learner came late or it was killed, lacks no more than
 * what any control plane can do for it. The host itself then finds that it succeeded.
 */
export function finishJoins(observed: Observed, asked: Asked): readonly Action[] {
  return observed.intents
    .filter(({ task, sponsored, ended }) => task === 'join-control-plane' && sponsored && ended)
    .flatMap((join) => nextStep(join, observed, asked) ?? []);
}

function nextStep(join: Intent, { nodes, nowMs }: Observed, asked: Asked): Action | undefined {
  const { hostname, nodeId, operationId } = join;
  const about = { nodeId, hostname };
  const member = asked.members.find((each) => isMemberOf(each, join));
  if (!member) return undefined;
  if (!member.learner) {
    if (nodes.get(hostname)?.controlPlane !== false) return undefined;
    const summary = `the Node ${hostname} is marked as a control plane: kubeadm ended before it did that, and its member of etcd votes`;
    const reasons = because(asked, 'mark-control-plane', summary);
    return { type: 'mark-control-plane', hostname, about, operationId, reasons };
  }
  if (!member.healthy || !mayBecomeVoter(join, asked.members)) return undefined;
  const summary = `the learner of ${hostname} is promoted: kubeadm ended before it was in sync`;
  const reasons = because(asked, 'promote-learner', summary);
  const untilMs = nowMs + SEEN_LASTS_MS;
  return { type: 'promote-learner', memberId: member.id, untilMs, about, operationId, reasons };
}

/**
 * Its host may begin to clean itself while this is decided, and a voter that was wiped never comes
 * back. So either etcd has a quorum without it, or the host is known not to begin yet.
 */
function mayBecomeVoter({ endedForMs }: Intent, members: readonly SeenMember[]): boolean {
  const voters = members.filter(({ learner }) => !learner);
  if (voters.length >= quorumOf(voters.length + 1)) return true;
  return endedForMs !== undefined && endedForMs < NOT_CLEANED_WITHIN_MS;
}

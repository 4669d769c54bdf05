import type { EtcdHealth } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import type { Guard, Reasons } from '../../state/decision-event.ts';
import { isVoterInOrder, shownMember } from '../../state/etcd-voter.ts';
import type { Departing } from './observed.ts';

/** Kept once it came about: what a guard held back is tried again and again, and is told as a wait. */
export function keepWhatCame(of: Departing, reasons: Reasons, ports: Ports): Promise<void> {
  const { operationId, nodeId, hostname } = of;
  const about = { nodeId, hostname };
  const decided = { controller: 'departure', term: null, about, operationId, reasons };
  return keepEvent(ports, decided, async () => {});
}

/** `health` is what the last look before the removal found. */
export function removalReasons(
  of: Departing,
  member: EtcdHealth['members'][number],
  { members }: EtcdHealth,
): Reasons {
  const voters = members.filter(({ learner, id }) => !learner && id !== member.id);
  const healthy = voters.filter(isVoterInOrder).length;
  const quorum = `${healthy} of the ${voters.length} voters that stay answer and are well`;
  return {
    action: 'remove-member',
    summary: `member ${shownMember(member)} was removed from etcd: ${why(of)}`,
    guards: [
      passed('no-alarm', 'etcd has no alarm'),
      passed('quorum-after-removal', quorum),
      passed('snapshot', 'a snapshot was saved before'),
      ...noSignOfLife(of),
    ],
    rejected: [],
  };
}

export function deletionReasons(of: Departing): Reasons {
  const drained = of.life === 'alive' ? [passed('drained', 'its pods ended before')] : [];
  const summary = `Node ${of.hostname} was deleted: ${why(of)}`;
  return {
    action: 'delete-node',
    summary,
    guards: [...drained, ...noSignOfLife(of)],
    rejected: [],
  };
}

function why({ task, life, hostname }: Departing): string {
  if (task === 'demote') return `${hostname} becomes a worker`;
  return life === 'dead' ? `${hostname} was found dead` : `${hostname} leaves`;
}

function noSignOfLife({ life, hostname }: Departing): readonly Guard[] {
  if (life !== 'dead') return [];
  return [passed('no-sign-of-life', `neither kubelet nor etcd of ${hostname} says that it lives`)];
}

function passed(name: string, message: string): Guard {
  return { name, passed: true, message };
}

import type { Voter } from './projected-quorum.ts';

/** What a member of etcd is judged by. */
export interface MemberSight {
  /** Hexadecimal, as etcdctl prints it. */
  readonly id: string;
  /** Empty while the member was added but never started. */
  readonly name: string;
  readonly learner: boolean;
  /** Undefined of a member that does not answer. */
  readonly status:
    | { readonly id: string; readonly leaderId: string | null; readonly errors: readonly string[] }
    | undefined;
}

/** A voter that answers for itself, knows the leader and complains of nothing. */
export function isVoterInOrder({ id, learner, status }: MemberSight): boolean {
  if (learner || status === undefined) return false;
  return status.id === id && status.leaderId !== null && status.errors.length === 0;
}

/** Two members may have one name; no two have one id. */
export function shownMember({ id, name }: Pick<MemberSight, 'id' | 'name'>): string {
  return `${name || 'unnamed'} (${id})`;
}

/** Those that vote, as somebody just saw them. */
export function votersIn(members: readonly MemberSight[]): readonly Voter[] {
  return members
    .filter(({ learner }) => !learner)
    .map((member) => ({ name: shownMember(member), healthy: isVoterInOrder(member) }));
}

/** Why etcd must be left as it is, in a sentence; undefined without an alarm. */
export function alarmTrouble([alarm]: readonly { readonly kind: string }[]): string | undefined {
  return alarm && `etcd has the alarm ${alarm.kind}`;
}

import type { LogGroup, LogGroups, LogMember } from '../../ports/log-peers.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import type { Observed } from './observed.ts';

/** Buckets move within seconds; whoever forgot that it was asked is asked again. */
const EVACUATE_AGAIN_MS = 15_000;

export type Step = Action | WaitReason;

/**
 * The next step of taking a server out of the log: its buckets move first, if it still serves them;
 * the log then does without it only where most of the others are up to date.
 */
export function dismiss(
  member: LogMember,
  groups: LogGroups,
  { term, evacuatedMs }: { readonly term: number } & Pick<Observed, 'evacuatedMs'>,
): Step {
  const { serverName, answers } = member;
  const heldIn = groups.buckets.filter(({ members }) => find(member, members));
  if (heldIn.length > 0 && answers) {
    const askedMs = evacuatedMs.get(serverName) ?? Number.POSITIVE_INFINITY;
    if (askedMs >= EVACUATE_AGAIN_MS) return { type: 'evacuate', term, member };
    const message = `waiting for the buckets of the log to move off ${serverName}`;
    return { reason: 'replica-moves', message };
  }
  const lacking = lackingWithout(member, groups);
  if (lacking) return lacking;
  if (groups.meta.leader !== serverName) return { type: 'remove', term, member };
  const next = groups.meta.members.find((each) => each.current && each.serverName !== serverName);
  // Removed, a leader answers nobody for 13 s (nats-server 2.15).
  return { type: 'lead', term, serverName: next?.serverName ?? '' };
}

/** What keeps the log from doing without a member; undefined when nothing does. */
function lackingWithout(member: LogMember, groups: LogGroups): WaitReason | undefined {
  const all = [groups.meta, ...groups.buckets];
  const lacking = all.map((group) => othersIn(group, member)).find(isTooFew);
  if (!lacking) return undefined;
  const behind = lacking.filter(({ current }) => !current).map(({ serverName }) => serverName);
  const message = `${member.serverName} stays in the log until most of the other replicas have all of it: bring back ${behind.join(' and ')}`;
  return { reason: 'replica-quorum', message };
}

function isTooFew(others: readonly LogMember[]): boolean {
  return 2 * others.filter(({ current }) => current).length <= others.length;
}

function othersIn({ members }: LogGroup, { peerId }: LogMember): readonly LogMember[] {
  return members.filter((each) => each.peerId !== peerId);
}

function find({ peerId }: LogMember, members: readonly LogMember[]): LogMember | undefined {
  return members.find((each) => each.peerId === peerId);
}

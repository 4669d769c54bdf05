import type { LogGroup, LogGroups, LogMember } from '../../src/ports/log-peers.ts';

/** A member that is up to date, unless told otherwise. */
export function logMember(serverName: string, change: Partial<LogMember> = {}): LogMember {
  return { serverName, peerId: serverName, answers: true, current: true, ...change };
}

/** A dead member. */
export function deadMember(serverName: string): LogMember {
  return logMember(serverName, { answers: false, current: false });
}

/** Led by the first. */
function logGroup(members: readonly LogMember[]): LogGroup {
  return { leader: members[0]?.serverName ?? '', members };
}

/** One bucket beside the group of all servers; the same members unless told otherwise. */
export function logGroups(
  meta: readonly LogMember[],
  bucket: readonly LogMember[] = meta,
): LogGroups {
  return { meta: logGroup(meta), buckets: [logGroup(bucket)] };
}

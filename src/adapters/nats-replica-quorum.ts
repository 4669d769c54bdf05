import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import type { LogCredentials } from './nats-client-options.ts';
import { GROUPS, groupsSeenBy, type SeenGroup } from './nats-log-groups.ts';

/**
 * True when the log loses nothing without this replica: each group has a leader, by whose word the
 * other replicas hold all of it. With `led` the leader has to be one of these. False when any of it
 * is not known.
 */
export async function othersHoldAll(
  { serverName }: Replica,
  { replicas }: Pick<GenesisRecord, 'replicas'>,
  credentials: LogCredentials,
  led: 'by-the-others' | 'by-anyone',
): Promise<boolean> {
  const others = replicas.map((each) => each.serverName).filter((name) => name !== serverName);
  const leaders = led === 'by-anyone' ? [...others, serverName] : others;
  const reached = replicas.filter((each) => leaders.includes(each.serverName));
  const client = { name: 'civitas replica check', replicas: reached, credentials };
  const seen = await groupsSeenBy(leaders, client);
  return GROUPS.every((group) =>
    leaders.some((leader) => isHeldBy(others, leader, seen.get(leader)?.get(group))),
  );
}

/** Only its leader knows how far the others of a group are. */
function isHeldBy(
  others: readonly string[],
  leader: string,
  group: SeenGroup | undefined,
): boolean {
  if (group?.leader !== leader) return false;
  const current = group.followers.filter((each) => each.current);
  const holding = [leader, ...current.map((each) => each.serverName)];
  return others.every((name) => holding.includes(name));
}

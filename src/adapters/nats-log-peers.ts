import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { LogGroup, LogGroups, LogMember, LogPeers, LogPlaces } from '../ports/log-peers.ts';
import type { NodeId } from '../state/node-id.ts';
import { connectNats } from './nats-client.ts';
import { clientOptions } from './nats-client-options.ts';
import { logCredentials } from './nats-credentials.ts';
import { BUCKETS, groupsSeenBy, META, type Seen, type SeenGroup } from './nats-log-groups.ts';

const REQUEST_TIMEOUT_MS = 5_000;
/** Members of a group hear of its leader every second, and answer (nats-server 2.15, raft.go). */
const SILENT_MS = 3_000;
const PEER_ID_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PEER_ID_LENGTH = 8;

const answerSchema = z.object({
  error: z.object({ description: z.string().max(1_000).default('no reason') }).optional(),
});

/** Asks as the system account of the log's servers, whose key every holder of the join key derives. */
export function createNatsLogPeers(joinKey: Uint8Array, self: NodeId): LogPeers {
  const clientFor = (places: LogPlaces) => {
    const credentials = logCredentials(joinKey, places, self, 'system');
    return { name: 'civitas log peers', replicas: places.replicas, credentials };
  };

  async function look(places: LogPlaces, names: readonly string[]) {
    const judge = (seen: Seen) => allLed(seen, names);
    const isEnough = (seen: Seen) => judge(seen) !== undefined;
    const seen = await groupsSeenBy(names, clientFor(places), isEnough);
    return { seen, groups: judge(seen) };
  }

  async function change(places: LogPlaces, subject: string, asked: unknown): Promise<void> {
    try {
      const nats = await connectNats({ ...clientOptions(clientFor(places)), reconnect: false });
      const options = { timeout: REQUEST_TIMEOUT_MS };
      const answer = await nats
        .request(`$JS.API.${subject}`, JSON.stringify(asked), options)
        .finally(() => nats.close());
      const { error } = answerSchema.parse(answer.json());
      if (error) throw unanswered(subject, error.description);
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      throw unanswered(subject, error instanceof Error ? error.message : String(error));
    }
  }

  return {
    async groups(places) {
      const names = places.replicas.map(({ serverName }) => serverName);
      const { seen, groups } = await look(places, names);
      const strangers = leadersIn(seen).filter((name) => !names.includes(name));
      if (groups || strangers.length === 0) return groups;
      // A server that was removed and taken in again may lead.
      return (await look(places, [...names, ...strangers])).groups;
    },
    evacuate: (places, { serverName }) => change(places, 'SERVER.EVACUATE', { peer: serverName }),
    lead: (places, serverName) =>
      change(places, 'META.LEADER.STEPDOWN', { placement: { preferred: serverName } }),
    // By name the servers know only those that they met since their own start.
    remove: (places, { peerId }) => change(places, 'SERVER.REMOVE', { peer_id: peerId }),
  };
}

function leadersIn(seen: Seen): readonly string[] {
  const groups = [...seen.values()].flatMap((each) => [...each.values()]);
  return [...new Set(groups.map(({ leader }) => leader))].filter((name) => name !== '');
}

function allLed(seen: Seen, names: readonly string[]): LogGroups | undefined {
  const led = (group: string) => ledGroup(group, seen, names);
  const [meta, buckets] = [led(META), BUCKETS.flatMap((bucket) => led(bucket) ?? [])];
  return meta && buckets.length === BUCKETS.length ? { meta, buckets } : undefined;
}

/** The group by the word of its leader; undefined when none says that it leads a majority. */
function ledGroup(group: string, seen: Seen, names: readonly string[]): LogGroup | undefined {
  const groups = names.flatMap((name) => {
    const found = seen.get(name)?.get(group);
    return found?.leader === name ? [logGroup(found, names)] : [];
  });
  // A leader that was deposed may not know it yet: it hears of nobody.
  return groups.find(({ members }) => {
    return 2 * members.filter(({ answers }) => answers).length > members.length;
  });
}

function logGroup({ leader, followers }: SeenGroup, names: readonly string[]): LogGroup {
  const own: LogMember = {
    serverName: leader,
    peerId: peerIdOf(leader),
    answers: true,
    current: true,
  };
  const others = followers.map(({ serverName, peerId, current, offline, silentMs }): LogMember => {
    const answers = !offline && silentMs < SILENT_MS;
    const name = names.find((each) => peerIdOf(each) === peerId) ?? serverName;
    return { serverName: name, peerId, answers, current: answers && current };
  });
  return { leader, members: [own, ...others] };
}

/** How nats-server names a server within its Raft groups (2.15, raft.go and server.go: getHash). */
function peerIdOf(serverName: string): string {
  const hash = createHash('sha256').update(serverName).digest();
  const letters = Array.from(hash.subarray(0, PEER_ID_LENGTH), (byte) => {
    return PEER_ID_LETTERS[byte % PEER_ID_LETTERS.length];
  });
  return letters.join('');
}

function unanswered(subject: string, reason: string): RetryableError {
  return new RetryableError(
    'log.peers-unanswered',
    `The servers of the log did not confirm ${subject} (${reason}): nothing is to be done, it is looked at and asked for again.`,
  );
}

import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { streamName } from './jetstream-buckets.ts';
import { connectNats } from './nats-client.ts';
import { clientOptions, type LogClient } from './nats-client-options.ts';
import { askServer } from './nats-replica-examination.ts';

const NANOSECONDS_PER_MS = 1_000_000;
const text = z.string().max(255).default('');

const groupSchema = z
  .object({
    leader: text,
    replicas: z
      .array(
        z.object({
          name: text,
          current: z.boolean(),
          offline: z.boolean().default(false),
          /** Nanoseconds since the leader heard of it; 0: it never did since it leads. */
          active: z.number().default(0),
          peer: text,
        }),
      )
      .default([]),
  })
  .transform(({ leader, replicas }) => ({
    leader,
    followers: replicas.map((each) => ({
      serverName: each.name,
      peerId: each.peer,
      current: each.current && !each.offline,
      offline: each.offline,
      silentMs: each.active > 0 ? each.active / NANOSECONDS_PER_MS : Number.POSITIVE_INFINITY,
    })),
  }));

/** Of the answer to `JSZ`: the groups that this server is in, as it sees them. */
const groupsSchema = z.object({
  meta_cluster: groupSchema.optional(),
  account_details: z
    .array(
      z.object({
        stream_detail: z
          .array(z.object({ name: text, cluster: groupSchema.optional() }))
          .default([]),
      }),
    )
    .default([]),
});

/** A Raft group as one of its servers sees it; how far the others are, only its leader knows. */
export type SeenGroup = z.infer<typeof groupSchema>;
type SeenGroups = ReadonlyMap<string, SeenGroup>;
/** By server name; without those that did not answer. */
export type Seen = ReadonlyMap<string, SeenGroups>;

export const META = 'meta';
export const BUCKETS = [streamName('log'), streamName('lease')];
/** Servers that have to agree: on what streams there are, and on what is in each. */
export const GROUPS = [META, ...BUCKETS];

/**
 * What each of these servers sees. Resolves as soon as that is enough, as a server that does not
 * answer is waited for 2 s.
 */
export async function groupsSeenBy(
  names: readonly string[],
  client: LogClient,
  isEnough: (seen: Seen) => boolean = () => false,
): Promise<Seen> {
  const nats = await connectNats({ ...clientOptions(client), reconnect: false }).catch(
    () => undefined,
  );
  const seen = new Map<string, SeenGroups>();
  if (!nats) return seen;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const asked = names.map(async (name) => {
    seen.set(name, await groupsAt(nats, name));
    if (isEnough(seen)) resolve();
  });
  try {
    await Promise.race([enough, Promise.all(asked)]);
    return new Map(seen);
  } finally {
    await nats.close();
  }
}

async function groupsAt(nats: NatsConnection, serverName: string): Promise<SeenGroups> {
  const options = { accounts: true, streams: true };
  const answer = await askServer(nats, serverName, 'JSZ', groupsSchema, options).catch(() => {
    return undefined; // it does not answer, so it leads nothing
  });
  const streams = (answer?.account_details ?? []).flatMap((account) => account.stream_detail);
  const groups = [{ name: META, cluster: answer?.meta_cluster }, ...streams];
  return new Map(groups.flatMap(({ name, cluster }) => (cluster ? [[name, cluster]] : [])));
}

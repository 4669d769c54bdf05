import { connect, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { streamName } from './jetstream-buckets.ts';
import { clientOptions, type LogCredentials } from './nats-client-options.ts';
import { askServer } from './nats-replica-examination.ts';

const text = z.string().max(255).default('');

const groupSchema = z.object({
  leader: text,
  replicas: z
    .array(z.object({ name: text, current: z.boolean(), offline: z.boolean().default(false) }))
    .default([]),
});

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

type Group = z.infer<typeof groupSchema>;
type Groups = ReadonlyMap<string, Group>;

const META = 'meta';
/** Servers that have to agree: on what streams there are, and on what is in each. */
const GROUPS = [META, streamName('log'), streamName('lease')];

/**
 * True when the log loses nothing without this replica: each group has a leader, by whose word the
 * other replicas hold all of it. With `led` the leader has to be one of these. False when any of it
 * is not known.
 */
export async function othersHoldAll(
  { serverName }: Replica,
  { replicas }: Pick<GenesisRecord, 'replicas'>,
  systemCredentials: LogCredentials,
  led: 'by-the-others' | 'by-anyone',
): Promise<boolean> {
  const others = replicas.map((each) => each.serverName).filter((name) => name !== serverName);
  const leaders = led === 'by-anyone' ? [...others, serverName] : others;
  const seen = await askAll(leaders, replicas, systemCredentials);
  return GROUPS.every((group) =>
    leaders.some((leader) => isHeldBy(others, leader, seen.get(leader)?.get(group))),
  );
}

/** Only its leader knows how far the others of a group are. */
function isHeldBy(others: readonly string[], leader: string, group: Group | undefined): boolean {
  if (group?.leader !== leader) return false;
  const current = group.replicas.filter((each) => each.current && !each.offline);
  const holding = [leader, ...current.map(({ name }) => name)];
  return others.every((name) => holding.includes(name));
}

/** What each server sees, without the servers that do not answer. */
async function askAll(
  names: readonly string[],
  replicas: readonly Replica[],
  credentials: LogCredentials,
): Promise<ReadonlyMap<string, Groups>> {
  const reached = replicas.filter(({ serverName }) => names.includes(serverName));
  const client = clientOptions({ name: 'civitas replica check', replicas: reached, credentials });
  const nats = await connect({ ...client, reconnect: false }).catch(() => undefined);
  if (!nats) return new Map();
  try {
    const seen = await Promise.all(names.map((name) => groupsAt(nats, name)));
    return new Map(names.map((name, index) => [name, seen[index] ?? new Map()]));
  } finally {
    await nats.close();
  }
}

async function groupsAt(nats: NatsConnection, serverName: string): Promise<Groups> {
  const options = { accounts: true, streams: true };
  const answer = await askServer(nats, serverName, 'JSZ', groupsSchema, options).catch(() => {
    return undefined; // it does not answer, so it leads nothing
  });
  const streams = (answer?.account_details ?? []).flatMap((account) => account.stream_detail);
  const groups = [{ name: META, cluster: answer?.meta_cluster }, ...streams];
  return new Map(groups.flatMap(({ name, cluster }) => (cluster ? [[name, cluster]] : [])));
}

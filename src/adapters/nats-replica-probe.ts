import { connect } from 'node:net';
import { z } from 'zod';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';

const PROBE_TIMEOUT_MS = 1_000;
/** A server greets with its name, version and a list of addresses. */
const MAX_GREETING_BYTES = 16_384;

const greetingSchema = z.object({
  server_name: z.string().max(200),
  version: z.string().max(100),
  cluster: z.string().max(200).optional(),
});

/** What a nats-server says of itself before anybody proved anything; only good to tell people. */
export interface ReplicaGreeting {
  readonly serverName: string;
  readonly version: string;
  readonly logName: string | undefined;
}

/** Asks whether something like a nats-server answers at the address. Undefined when not, or not soon. */
export function probeReplica({
  address,
  clientPort,
}: Pick<Replica, 'address' | 'clientPort'>): Promise<ReplicaGreeting | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: clientPort, timeout: PROBE_TIMEOUT_MS });
    let text = '';
    const finish = (greeting: ReplicaGreeting | undefined) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(greeting);
    };
    const deadline = setTimeout(() => finish(undefined), PROBE_TIMEOUT_MS);
    socket.setEncoding('utf8');
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(undefined));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n') || text.length > MAX_GREETING_BYTES) finish(parseGreeting(text));
    });
  });
}

/** Names of the replicas of the log that greet with their own name. */
export async function answeringReplicas({
  replicas,
}: Pick<GenesisRecord, 'replicas'>): Promise<readonly string[]> {
  const greetings = await Promise.all(replicas.map(probeReplica));
  return replicas
    .map(({ serverName }) => serverName)
    .filter((serverName, index) => greetings[index]?.serverName === serverName);
}

function parseGreeting(text: string): ReplicaGreeting | undefined {
  const json = /^INFO (\{.*\})\s*$/s.exec(text.slice(0, MAX_GREETING_BYTES))?.[1];
  if (json === undefined) return undefined;
  try {
    const parsed = greetingSchema.safeParse(JSON.parse(json));
    if (!parsed.success) return undefined;
    const { server_name, version, cluster } = parsed.data;
    return { serverName: server_name, version, logName: cluster };
  } catch {
    return undefined; // something else listens there
  }
}

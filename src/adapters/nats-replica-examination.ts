import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Replica } from '../state/genesis-record.ts';
import type { WaitReason } from '../state/status.ts';
import { connectNats } from './nats-client.ts';
import { clientOptions, type LogCredentials } from './nats-client-options.ts';
import { isRecentEnough, NATS_OLDEST } from './nats-server-release.ts';

const REQUEST_TIMEOUT_MS = 2_000;

const answerSchema = z.object({ data: z.unknown() });

const variablesSchema = z.object({
  version: z.string().max(100),
  jetstream: z.object({ config: z.object({ sync_always: z.boolean().default(false) }) }),
});

const healthSchema = z.object({
  status: z.string().max(100),
  error: z.string().max(10_000).default('it gives no reason'),
});

/** What a replica says of itself. */
export type ReplicaExamination =
  /** It serves, and may be trusted with writes. */
  | { readonly type: 'fit' }
  /** It may not be trusted: somebody has to change something. */
  | { readonly type: 'unfit'; readonly problem: WaitReason }
  /** It runs and does not serve, or not all of the log; in the words of the server. */
  | { readonly type: 'unwell'; readonly reason: string }
  /** Nobody answers there who knows the cluster's keys. */
  | { readonly type: 'silent'; readonly reason: string };

/** Asks the replica itself, within some 5 s. */
export async function examineReplica(
  replica: Replica,
  systemCredentials: LogCredentials,
): Promise<ReplicaExamination> {
  try {
    const nats = await connectNats({
      ...clientOptions({
        name: 'civitas replica check',
        replicas: [replica],
        credentials: systemCredentials,
      }),
      reconnect: false,
    });
    return await examine(nats, replica).finally(() => nats.close());
  } catch (error) {
    return { type: 'silent', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The answer of one server to a question of the system account. */
export async function askServer<S extends z.ZodType>(
  nats: NatsConnection,
  serverName: string,
  question: 'HEALTHZ' | 'JSZ' | 'VARZ',
  schema: S,
  options: Readonly<Record<string, boolean>> = {},
): Promise<z.infer<S>> {
  const subject = `$SYS.REQ.SERVER.PING.${question}`;
  const asked = JSON.stringify({ ...options, server_name: serverName });
  const answer = await nats.request(subject, asked, { timeout: REQUEST_TIMEOUT_MS });
  return schema.parse(answerSchema.parse(answer.json()).data);
}

async function examine(nats: NatsConnection, { serverName }: Replica): Promise<ReplicaExamination> {
  const variables = await askServer(nats, serverName, 'VARZ', variablesSchema);
  const problem = unfitness(serverName, variables);
  if (problem) return { type: 'unfit', problem };
  const { status, error } = await askServer(nats, serverName, 'HEALTHZ', healthSchema);
  return status === 'ok' ? { type: 'fit' } : { type: 'unwell', reason: error };
}

function unfitness(
  serverName: string,
  { version, jetstream }: z.infer<typeof variablesSchema>,
): WaitReason | undefined {
  if (!isRecentEnough(version)) {
    return {
      reason: 'log.server-too-old',
      message: `The replica ${serverName} runs nats-server ${version}: replace it by ${NATS_OLDEST.join('.')} or newer.`,
    };
  }
  if (jetstream.config.sync_always) return undefined;
  return {
    reason: 'log.not-durable',
    message: `The replica ${serverName} does not write each entry to disk before it confirms it: remove what changes its configuration and start it again.`,
  };
}

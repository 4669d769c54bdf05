import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { RetryableError, TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Replica } from '../state/genesis-record.ts';
import { clientOptions, type LogCredentials } from './nats-client-options.ts';
import { isRecentEnough, NATS_OLDEST } from './nats-server-release.ts';

/** A server answers some 100 ms after its start; a store of a gigabyte takes seconds to read. */
const START_DEADLINE_MS = 15_000;
const PAUSE_MS = 100;
const REQUEST_TIMEOUT_MS = 2_000;

const answerSchema = z.object({
  data: z.object({
    version: z.string().max(100),
    jetstream: z.object({ config: z.object({ sync_always: z.boolean().default(false) }) }),
  }),
});

/**
 * Resolves once the replica runs and may be trusted with writes. Rejects with TerminalError
 * `log.server-too-old` or `log.not-durable` (it would acknowledge what a power cut undoes), and with
 * RetryableError `log.replica-unreachable`.
 */
export async function checkReplica(
  replica: Replica,
  systemCredentials: LogCredentials,
  clock: Clock,
): Promise<void> {
  const deadlineMs = clock.nowMs() + START_DEADLINE_MS;
  for (;;) {
    try {
      return refuseUnfit(replica, await ask(replica, systemCredentials));
    } catch (error) {
      if (error instanceof TerminalError) throw error;
      if (clock.nowMs() > deadlineMs) throw unreachable(replica, error);
    }
    await clock.sleep(PAUSE_MS);
  }
}

async function ask(replica: Replica, credentials: LogCredentials) {
  const nats = await connect({
    ...clientOptions({ name: 'civitas replica check', replicas: [replica], credentials }),
    reconnect: false,
  });
  try {
    const answer = await nats.request(
      '$SYS.REQ.SERVER.PING.VARZ',
      JSON.stringify({ server_name: replica.serverName }),
      { timeout: REQUEST_TIMEOUT_MS },
    );
    return answerSchema.parse(answer.json()).data;
  } finally {
    await nats.close();
  }
}

function refuseUnfit(
  { serverName }: Replica,
  { version, jetstream }: z.infer<typeof answerSchema>['data'],
): void {
  if (!isRecentEnough(version)) {
    throw new TerminalError(
      'log.server-too-old',
      `The replica ${serverName} runs nats-server ${version}: it must be ${NATS_OLDEST.join('.')} or newer.`,
    );
  }
  if (jetstream.config.sync_always) return;
  throw new TerminalError(
    'log.not-durable',
    `The replica ${serverName} does not write each entry to disk before it confirms it: remove what changes its configuration and start it again.`,
  );
}

function unreachable({ serverName, address, clientPort }: Replica, cause: unknown): RetryableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RetryableError(
    'log.replica-unreachable',
    `The replica ${serverName} does not answer at ${address} port ${clientPort} (${reason}): see its log.`,
    { cause },
  );
}

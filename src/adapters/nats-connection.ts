import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, type Status } from '@nats-io/transport-node';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Replica } from '../state/genesis-record.ts';
import { VOTER_NAME } from './certificates.ts';
import { endpoint } from './nats-config.ts';
import type { LogUser } from './nats-keys.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** A write that got no answer in this time has an unknown outcome. */
export const WRITE_TIMEOUT_MS = 2_000;
/** Replicas without a leader leave questions unanswered: better to ask again soon. */
const QUESTION_TIMEOUT_MS = 500;
const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 1_000;
/** A replica that hangs is left after 2 unanswered pings, so within 9 s. */
const PING_MS = 3_000;
const MOST_PINGS_OUT = 2;

/** How an agent proves itself to the replicas, and they to it. */
export interface LogCredentials {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly authorityPem: string;
  readonly user: LogUser;
}

/** One connection to one replica, for as long as it lasts. */
export interface LogSession {
  readonly nats: NatsConnection;
  readonly jetStream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Aborts when the connection breaks. */
  readonly broken: AbortSignal;
}

/** A connection to any of the replicas, made anew for ever whenever it breaks. */
export interface LogConnection {
  /** Undefined while there is none: then nothing may be sent, as the client would keep it for later. */
  current(): LogSession | undefined;
  /** Resolves to the next session, or at once to the current one; undefined once `signal` aborts. */
  session(signal: AbortSignal): Promise<LogSession | undefined>;
  /** Why there is none, in the words of the last attempt. */
  lastFailure(): string | undefined;
  close(): Promise<void>;
}

export interface LogConnectionOptions {
  readonly name: string;
  readonly replicas: readonly Pick<Replica, 'address' | 'clientPort'>[];
  readonly credentials: LogCredentials;
  readonly clock: Clock;
  readonly random: Random;
}

export function openLogConnection(options: LogConnectionOptions): LogConnection {
  const { clock, random } = options;
  const closing = new AbortController();
  const waiting = new Set<() => void>();
  let current: LogSession | undefined;
  let breakSession = new AbortController();
  let failure: string | undefined;
  const retryMs = () => FIRST_RETRY_MS + random.number() * (MOST_RETRY_MS - FIRST_RETRY_MS);

  function up(nats: NatsConnection, manager: JetStreamManager): void {
    breakSession = new AbortController();
    current = { nats, jetStream: jetstream(nats), manager, broken: breakSession.signal };
    failure = undefined;
    for (const tell of [...waiting]) tell();
  }

  function down(): void {
    current = undefined;
    breakSession.abort();
  }

  async function dial(): Promise<NatsConnection | undefined> {
    try {
      return await connect({ ...clientOptions(options), reconnectDelayHandler: retryMs });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  async function follow(nats: NatsConnection): Promise<void> {
    const statuses = nats.status();
    const manager = await jetstreamManager(nats, { checkAPI: false, timeout: QUESTION_TIMEOUT_MS });
    up(nats, manager);
    for await (const status of statuses) {
      if (status.type === 'reconnect') up(nats, manager);
      if (endsSession(status)) down();
      if (status.type === 'error') failure = status.error.message;
    }
    down();
  }

  async function keepOpen(): Promise<void> {
    while (!closing.signal.aborted) {
      const nats = await dial();
      if (!nats) {
        await clock.sleep(retryMs(), closing.signal);
        continue;
      }
      const close = () => void nats.close();
      closing.signal.addEventListener('abort', close, { once: true });
      if (closing.signal.aborted) close();
      await follow(nats);
      closing.signal.removeEventListener('abort', close);
    }
  }

  const running = keepOpen();
  return {
    current: () => current,
    lastFailure: () => failure,
    session(signal) {
      if (current || signal.aborted) return Promise.resolve(current);
      return new Promise((resolve) => {
        const tell = () => {
          waiting.delete(tell);
          signal.removeEventListener('abort', tell);
          resolve(signal.aborted ? undefined : current);
        };
        waiting.add(tell);
        signal.addEventListener('abort', tell);
      });
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

function endsSession({ type }: Status): boolean {
  return type === 'disconnect' || type === 'staleConnection' || type === 'close';
}

/** What the NATS client needs to reach and to be let in by any of the replicas. */
export function clientOptions({
  name,
  replicas,
  credentials,
}: Pick<LogConnectionOptions, 'name' | 'replicas' | 'credentials'>) {
  const { certificatePem, keyPem, authorityPem, user } = credentials;
  // The client would check a server that it reached by address against `localhost`. Its types do
  // not know `servername`, but all of `tls` goes to node:tls.
  const tls = {
    servername: VOTER_NAME,
    ca: authorityPem,
    cert: certificatePem,
    key: keyPem,
    minVersion: 'TLSv1.3',
  };
  return {
    name,
    servers: replicas.map(({ address, clientPort }) => endpoint(address, clientPort)),
    tls,
    authenticator: (challenge = '') => {
      return { nkey: user.publicKey, sig: user.answer(challenge) };
    },
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    // A replica that restarts with other users answers like one that refuses us for good.
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    maxPingOut: MOST_PINGS_OUT,
    noAsyncTraces: true,
  };
}

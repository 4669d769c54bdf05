import { connect, type NatsConnection, type Status } from '@nats-io/transport-node';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { clientOptions, type LogClient } from './nats-client-options.ts';
import { createSessionSlot, type LogSession } from './nats-session.ts';

const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 1_000;

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

export interface LogConnectionOptions extends LogClient {
  readonly clock: Clock;
  readonly random: Random;
}

export function openLogConnection(options: LogConnectionOptions): LogConnection {
  const { clock, random } = options;
  const closing = new AbortController();
  const slot = createSessionSlot();
  let failure: string | undefined;
  const retryMs = () => FIRST_RETRY_MS + random.number() * (MOST_RETRY_MS - FIRST_RETRY_MS);

  async function dial(): Promise<NatsConnection | undefined> {
    try {
      return await connect({ ...clientOptions(options), reconnectDelayHandler: retryMs });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  async function onStatus(nats: NatsConnection, status: Status): Promise<void> {
    if (status.type === 'error') failure = status.error.message;
    if (endsSession(status)) slot.clear();
    if (status.type === 'reconnect') await begin(nats);
  }

  async function begin(nats: NatsConnection): Promise<void> {
    await slot.fill(nats);
    failure = undefined;
  }

  /** Until the client closes; between, it connects anew by itself. */
  async function follow(nats: NatsConnection): Promise<void> {
    const statuses = nats.status();
    await begin(nats);
    for await (const status of statuses) await onStatus(nats, status);
    slot.clear();
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
    current: slot.current,
    session: slot.next,
    lastFailure: () => failure,
    async close() {
      closing.abort();
      await running;
    },
  };
}

function endsSession({ type }: Status): boolean {
  return type === 'disconnect' || type === 'staleConnection' || type === 'close';
}

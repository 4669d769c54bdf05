import type { NatsConnection, Status } from '@nats-io/transport-node';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { connectNats } from './nats-client.ts';
import { clientOptions, type LogClient } from './nats-client-options.ts';
import { endpoint } from './nats-config.ts';
import { createSessionSlot, type LogSession } from './nats-session.ts';

const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 1_000;

/** A connection to any of the replicas, made anew for ever whenever it breaks. */
export interface LogConnection {
  /** Undefined while there is none: then nothing may be sent, as the client would keep it for later. */
  current(): LogSession | undefined;
  /** Resolves to the next session, or at once to the current one; undefined once `signal` aborts. */
  session(signal: AbortSignal): Promise<LogSession | undefined>;
  /** The replicas are these from now on. A session with one of them is left alone. */
  follow(replicas: LogClient['replicas']): void;
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
  let { replicas } = options;
  let dialled = replicas;
  let open: NatsConnection | undefined;
  let failure: string | undefined;
  const retryMs = () => FIRST_RETRY_MS + random.number() * (MOST_RETRY_MS - FIRST_RETRY_MS);

  async function dial(): Promise<NatsConnection | undefined> {
    dialled = replicas;
    try {
      return await connectNats({
        ...clientOptions({ ...options, replicas }),
        reconnectDelayHandler: retryMs,
      });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** A client that lost its replica tries the places it was made with, for ever. */
  function closeIfOutdated(nats: NatsConnection): void {
    if (dialled !== replicas) void nats.close();
  }

  async function onStatus(nats: NatsConnection, status: Status): Promise<void> {
    if (status.type === 'error') failure = status.error.message;
    if (endsSession(status)) {
      slot.clear();
      closeIfOutdated(nats);
    }
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
      open = nats;
      await follow(nats);
      open = undefined;
      closing.signal.removeEventListener('abort', close);
    }
  }

  const running = keepOpen();
  return {
    current: slot.current,
    session: slot.next,
    follow(places) {
      replicas = places;
      // A server that was removed from the log still lets clients in, and answers nothing.
      if (open && !(slot.current() && isWithOneOf(open, places))) void open.close();
    },
    lastFailure: () => failure,
    async close() {
      closing.abort();
      await running;
    },
  };
}

function isWithOneOf(nats: NatsConnection, places: LogClient['replicas']): boolean {
  const server = nats.getServer();
  return places.some(({ address, clientPort }) => endpoint(address, clientPort) === server);
}

function endsSession({ type }: Status): boolean {
  return type === 'disconnect' || type === 'staleConnection' || type === 'close';
}

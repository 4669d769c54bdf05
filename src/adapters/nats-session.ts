import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** Replicas without a leader leave questions unanswered: better to ask again soon. */
const QUESTION_TIMEOUT_MS = 500;

/** One connection to one replica, for as long as it lasts. */
export interface LogSession {
  readonly nats: NatsConnection;
  readonly jetStream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Aborts when the connection breaks. */
  readonly broken: AbortSignal;
}

/** Where the session is put when there is one, and where others wait for it. */
export interface SessionSlot {
  current(): LogSession | undefined;
  /** Resolves to the next session, or at once to the current one; undefined once `signal` aborts. */
  next(signal: AbortSignal): Promise<LogSession | undefined>;
  fill(nats: NatsConnection): Promise<void>;
  /** Breaks the session, if there is one. */
  clear(): void;
}

export function createSessionSlot(): SessionSlot {
  const waiting = new Set<() => void>();
  let current: LogSession | undefined;
  let breaking = new AbortController();

  return {
    current: () => current,
    next(signal) {
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
    async fill(nats) {
      const options = { checkAPI: false, timeout: QUESTION_TIMEOUT_MS };
      const manager = await jetstreamManager(nats, options);
      breaking = new AbortController();
      current = { nats, jetStream: jetstream(nats), manager, broken: breaking.signal };
      for (const tell of [...waiting]) tell();
    },
    clear() {
      current = undefined;
      breaking.abort();
    },
  };
}

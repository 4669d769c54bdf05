import type { Beat, Beats } from '../ports/beats.ts';
import type { LogConnection } from './nats-connection.ts';

const SUBJECT = 'civitas.beat';
const BEAT = /^civitas\.beat\.([a-z2-7]{11})\.([1-9]\d{0,8})$/;

/** Beats as plain messages: no replica keeps or syncs anything for them. */
export function createNatsBeats(connection: LogConnection): Beats {
  async function follow(callback: (beat: Beat) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = await connection.session(signal);
      if (!session) return;
      const subscription = session.nats.subscribe(`${SUBJECT}.*.*`, {
        callback: (_, { subject }) => {
          const beat = parse(subject);
          if (beat) callback(beat);
        },
      });
      await untilAborted(AbortSignal.any([session.broken, signal]));
      subscription.unsubscribe();
    }
  }

  return {
    send({ nodeId, incarnation }) {
      const session = connection.current();
      session?.nats.publish(`${SUBJECT}.${nodeId}.${incarnation}`);
      return session !== undefined;
    },
    listen(callback) {
      const stopping = new AbortController();
      void follow(callback, stopping.signal);
      return () => stopping.abort();
    },
  };
}

function parse(subject: string): Beat | undefined {
  const [, nodeId = '', incarnation] = BEAT.exec(subject) ?? [];
  return incarnation === undefined ? undefined : { nodeId, incarnation: Number(incarnation) };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

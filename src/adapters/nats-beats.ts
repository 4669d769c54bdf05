import type { Beat, Beats } from '../ports/beats.ts';
import { type Probe, probesSchema } from '../state/probe.ts';
import type { LogConnection } from './nats-connection.ts';

const SUBJECT = 'civitas.beat';
const BEAT = /^civitas\.beat\.([a-z2-7]{11})\.([1-9]\d{0,8})$/;
/** Twice what the most probes need. */
const MAX_BYTES = 4_096;

/** Beats as plain messages: no replica keeps or syncs anything for them. */
export function createNatsBeats(connection: LogConnection): Beats {
  async function follow(callback: (beat: Beat) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = await connection.session(signal);
      if (!session) return;
      const subscription = session.nats.subscribe(`${SUBJECT}.*.*`, {
        callback: (_, { subject, data }) => {
          const beat = parse(subject, data);
          if (beat) callback(beat);
        },
      });
      await untilAborted(AbortSignal.any([session.broken, signal]));
      subscription.unsubscribe();
    }
  }

  return {
    send({ nodeId, incarnation, probes }) {
      const session = connection.current();
      session?.nats.publish(`${SUBJECT}.${nodeId}.${incarnation}`, JSON.stringify(probes));
      return session !== undefined;
    },
    listen(callback) {
      const stopping = new AbortController();
      void follow(callback, stopping.signal);
      return () => stopping.abort();
    },
  };
}

function parse(subject: string, data: Uint8Array): Beat | undefined {
  const [, nodeId = '', incarnation] = BEAT.exec(subject) ?? [];
  if (incarnation === undefined) return undefined;
  return { nodeId, incarnation: Number(incarnation), probes: probesIn(data) };
}

/** Whoever beats lives, also when it tells what no agent of this release would. */
function probesIn(data: Uint8Array): readonly Probe[] {
  if (data.length === 0 || data.length > MAX_BYTES) return [];
  try {
    return probesSchema.safeParse(JSON.parse(new TextDecoder().decode(data))).data ?? [];
  } catch {
    return []; // not JSON
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

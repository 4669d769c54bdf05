import type { Ports } from '../ports/index.ts';
import type { LogConnection } from '../ports/log-connection.ts';
import type { StoreHandle } from '../ports/store.ts';
import { beatUntil } from '../runtime/beating.ts';
import { type RunningLeadership, startLeadership } from '../runtime/leadership/leadership.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import { openStore } from '../runtime/log/open-store.ts';

/** The log as this agent uses it: entries, leases, and whether it leads. */
export interface RunningLog {
  readonly store: StoreHandle;
  readonly leases: RunningLeases;
  readonly leadership: RunningLeadership;
  /** One sentence while the log confirms nothing. */
  whyWaiting(): string | undefined;
  /** Gives the leader lease back, if this agent holds it. */
  stop(): Promise<void>;
}

type Around = Pick<Ports, 'clock' | 'durable' | 'log' | 'random' | 'self'>;

/** Takes over the connection: it is closed by `stop`, and when this rejects with `state.disk`. */
export async function runLog(
  connection: LogConnection,
  logName: string,
  around: Around,
): Promise<RunningLog> {
  const { clock, random, log, self } = around;
  const stopping = new AbortController();
  const store = await openStore(connection.entries, logName, around).catch(async (error) => {
    await connection.close();
    throw error;
  });
  const { leases: bucket, beats } = connection;
  const leases = createLeases({ bucket, beats, clock, self });
  const leadership = startLeadership({ clock, leases, log, random, self, store });
  void store.ready.then(() => log.info({ event: 'log.answered' }, 'log answered'));
  const beating = beatUntil(stopping.signal, { clock, leases, log });
  return {
    store,
    leases,
    leadership,
    whyWaiting: () => connection.whyWaiting(),
    async stop() {
      await leadership.stop(true);
      stopping.abort();
      leases.stop();
      await store.stop();
      await connection.close();
      await beating;
    },
  };
}

import type { Ports } from '../ports/index.ts';
import type { LogConnection } from '../ports/log-connection.ts';
import type { Peers } from '../ports/peers.ts';
import type { StoreHandle } from '../ports/store.ts';
import { beatUntil } from '../runtime/beating.ts';
import { type RunningLeadership, startLeadership } from '../runtime/leadership/leadership.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import { openStore } from '../runtime/log/open-store.ts';
import { type RunningObservers, startObserving } from '../runtime/probing/observing.ts';

/** The log as this agent uses it: entries, leases, who else is there, and whether it leads. */
export interface RunningLog {
  readonly store: StoreHandle;
  readonly leases: RunningLeases;
  readonly leadership: RunningLeadership;
  readonly observers: RunningObservers;
  /** One sentence while the log confirms nothing. */
  whyWaiting(): string | undefined;
  /** Gives the leader lease back, if this agent holds it. */
  stop(): Promise<void>;
}

interface Around extends Pick<Ports, 'clock' | 'durable' | 'kube' | 'log' | 'random' | 'self'> {
  readonly peers: Peers;
  /** False while nobody must hear of this process in the name of its node. */
  mayLead(): boolean;
}

/** Takes over the connection: it is closed by `stop`, and when this rejects with `state.disk`. */
export async function runLog(
  connection: LogConnection,
  logName: string,
  around: Around,
): Promise<RunningLog> {
  const { clock, kube, random, log, peers, self, mayLead } = around;
  const stopping = new AbortController();
  const store = await openStore(connection.entries, logName, around).catch(async (error) => {
    await connection.close();
    throw error;
  });
  const { leases: bucket, beats } = connection;
  const observers = startObserving({ beats, clock, kube, log, peers, self, store });
  const { probes } = observers;
  const leases = createLeases({ bucket, beats, clock, self, probes });
  const leadership = startLeadership({ clock, leases, log, random, self, store, mayLead });
  void store.ready.then(() => log.info({ event: 'log.answered' }, 'log answered'));
  const beating = beatUntil(stopping.signal, { clock, leases, log });
  return {
    store,
    leases,
    leadership,
    observers,
    whyWaiting: () => connection.whyWaiting(),
    async stop() {
      await leadership.stop(true);
      stopping.abort();
      leases.stop();
      await observers.stop();
      await store.stop();
      await connection.close();
      await beating;
    },
  };
}

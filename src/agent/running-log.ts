import { type JetStreamLog, openJetStreamLog } from '../adapters/jetstream-log.ts';
import { logCredentials } from '../adapters/nats-credentials.ts';
import type { Self } from '../ports/self.ts';
import type { StoreHandle } from '../ports/store.ts';
import { beatUntil } from '../runtime/beating.ts';
import { type RunningLeadership, startLeadership } from '../runtime/leadership/leadership.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import { openStore } from '../runtime/log/open-store.ts';
import { type GenesisRecord, logName } from '../state/genesis-record.ts';
import type { Foundations } from './foundations.ts';

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

/** Connects to the log of a genesis record and goes on trying for as long as the agent lives. */
export async function runLog(
  base: Foundations,
  self: Self,
  record: GenesisRecord,
): Promise<RunningLog> {
  const { clock, random, log, token } = base;
  const stopping = new AbortController();
  const jetStream = openJetStreamLog({
    name: self.nodeId,
    record,
    credentials: logCredentials(token.joinKey, record, self.nodeId, 'client'),
    clock,
    random,
    log,
  });
  const store = await openStore(jetStream.entries, logName(record), base).catch(async (error) => {
    await jetStream.close();
    throw error;
  });
  const leases = createLeases({ bucket: jetStream.leases, beats: jetStream.beats, clock, self });
  const leadership = startLeadership({ clock, leases, log, random, self, store });
  void store.ready.then(() => log.info({ event: 'log.answered' }, 'log answered'));
  const beating = beatUntil(stopping.signal, { clock, leases, log });
  return {
    store,
    leases,
    leadership,
    whyWaiting: () => jetStream.whyWaiting(),
    stop: () => stopAll({ store, leases, leadership, jetStream, stopping, beating }),
  };
}

interface Parts extends Pick<RunningLog, 'store' | 'leases' | 'leadership'> {
  readonly jetStream: JetStreamLog;
  readonly stopping: AbortController;
  readonly beating: Promise<void>;
}

async function stopAll(parts: Parts): Promise<void> {
  await parts.leadership.stop(true);
  parts.stopping.abort();
  parts.leases.stop();
  await parts.store.stop();
  await parts.jetStream.close();
  await parts.beating;
}

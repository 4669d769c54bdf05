import type { ReplicaServers } from '../../ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../../state/genesis-record.ts';
import type { Logs } from './logs.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** Servers on one host that were started once, and not given up since. */
export type EnabledReplicas = Map<string, SimulatedLog>;

const START_MS = 150;

interface Around {
  readonly logs: Logs;
  sleep(delayMs: number): Promise<void>;
  /** Whether the host has that address at the moment. */
  hasAddress(address: string): boolean;
}

/** nats-servers of one simulated host. What they store is in the log they belong to. */
export function simulatedReplicaServers(
  host: string,
  enabled: EnabledReplicas,
  { logs, sleep, hasAddress }: Around,
): ReplicaServers {
  /** Servers that end at each start, as they can not listen where they were told to. */
  const ending = new Set<string>();

  async function start({ serverName, address }: Replica, log: SimulatedLog): Promise<void> {
    enabled.set(serverName, log);
    await sleep(START_MS);
    if (hasAddress(address)) {
      ending.delete(serverName);
      log.setRunning(serverName, true);
    } else {
      ending.add(serverName);
    }
  }

  return {
    observe: async () =>
      [...enabled].map(([serverName, log]) => {
        return { serverName, running: log.isRunning(serverName) || ending.has(serverName) };
      }),
    answering: async (record: GenesisRecord) => logs.of(record).answering(host),
    async start(replica, record) {
      const log = logs.of(record);
      log.group.install(replica.serverName, host);
      await start(replica, log);
    },
    async stop(serverName) {
      ending.delete(serverName);
      enabled.get(serverName)?.setRunning(serverName, false);
      enabled.delete(serverName);
    },
    async refresh(replica, record) {
      if (ending.has(replica.serverName)) await start(replica, logs.of(record));
    },
    async discard(serverName) {
      ending.delete(serverName);
      const log = enabled.get(serverName);
      log?.setRunning(serverName, false);
      log?.loseStore(serverName);
      enabled.delete(serverName);
    },
    async retire(serverName) {
      const log = enabled.get(serverName);
      log?.setRunning(serverName, false);
      enabled.delete(serverName);
      return log?.everLed() ? 'used' : 'unused';
    },
  };
}

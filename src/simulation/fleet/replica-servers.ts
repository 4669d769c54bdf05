import type { ReplicaServers } from '../../ports/replica-servers.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import type { Logs } from './logs.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** Servers on one host that were started once, and not given up since. */
export type EnabledReplicas = Map<string, SimulatedLog>;

const START_MS = 150;

/** nats-servers of one simulated host. What they store is in the log they belong to. */
export function simulatedReplicaServers(
  host: string,
  enabled: EnabledReplicas,
  { logs, sleep }: { readonly logs: Logs; sleep(delayMs: number): Promise<void> },
): ReplicaServers {
  return {
    observe: async () =>
      [...enabled].map(([serverName, log]) => {
        return { serverName, running: log.isRunning(serverName) };
      }),
    answering: async (record: GenesisRecord) => logs.of(record).answering(host),
    async start({ serverName }, record) {
      const log = logs.of(record);
      log.group.install(serverName, host);
      enabled.set(serverName, log);
      await sleep(START_MS);
      log.setRunning(serverName, true);
    },
    async stop(serverName) {
      enabled.get(serverName)?.setRunning(serverName, false);
      enabled.delete(serverName);
    },
    refresh: async () => undefined,
    async discard(serverName) {
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

import { RetryableError } from '../../errors.ts';
import type { LogPeers, LogPlaces } from '../../ports/log-peers.ts';
import { logName } from '../../state/genesis-record.ts';
import type { Logs } from './logs.ts';
import type { ReplicaGroup } from './replica-group.ts';

/** The servers of a simulated log, as the agent of one host can ask them. */
export function simulatedLogPeers(host: string, logs: Logs): LogPeers {
  const reached = (places: LogPlaces): ReplicaGroup | undefined => {
    const log = logs.named(logName(places));
    return log?.serves(host) ? log.group : undefined;
  };
  const led = (places: LogPlaces): ReplicaGroup => {
    const group = reached(places);
    if (group?.seen()) return group;
    throw new RetryableError('log.peers-unanswered', 'simulation: no server of the log answers');
  };

  return {
    groups: async (places) => reached(places)?.seen(),
    evacuate: async (places, { serverName }) => led(places).evacuate(serverName),
    lead: async (places, serverName) => led(places).lead(serverName),
    remove: async (places, { serverName }) => led(places).remove(serverName),
  };
}

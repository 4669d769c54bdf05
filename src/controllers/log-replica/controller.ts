import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { type Action, decide, type Observed } from './decide.ts';

/**
 * Runs this node's replicas of the log, and no others. Needs nothing of the log itself, so it is
 * what brings the log up at each start. `formed` gives the genesis record as it stands now: a
 * founding of the log anew changes it while the agent runs.
 */
export function createLogReplica(formed: () => GenesisRecord): Controller<Observed, Action> {
  return {
    name: 'log-replica',
    scope: 'node',
    inputs: [],
    outputs: [],

    async observe({ replicaServers, self }) {
      const servers = await replicaServers.observe();
      return { self: self.nodeId, record: formed(), servers };
    },

    decide,
    act,
  };
}

function act(action: Action, { replicaServers }: Ports): Promise<void> {
  switch (action.type) {
    case 'start':
      return replicaServers.start(action.replica, action.record);
    case 'stop':
      return replicaServers.stop(action.serverName);
  }
}

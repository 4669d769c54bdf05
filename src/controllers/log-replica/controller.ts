import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { type Action, decide, type Observed } from './decide.ts';

interface Options {
  /** The genesis record as it stands now: a founding of the log anew changes it while the agent runs. */
  formed(): GenesisRecord;
  /** True once this node has ever seen an entry of the log. */
  logWorked(): boolean;
}

/**
 * Runs this node's replicas of the log, and no others. Needs nothing of the log itself, so it is
 * what brings the log up at each start.
 */
export function createLogReplica({ formed, logWorked }: Options): Controller<Observed, Action> {
  let allAnswerSinceMs: number | undefined;

  async function leaderlessMs({ clock, replicaServers, self }: Ports): Promise<number | null> {
    const record = formed();
    const calls = !logWorked() && record.replicas[0]?.nodeId === self.nodeId;
    if (!calls || !(await replicaServers.allAnswer(record))) {
      allAnswerSinceMs = undefined;
      return null;
    }
    allAnswerSinceMs ??= clock.nowMs();
    return clock.nowMs() - allAnswerSinceMs;
  }

  async function act(action: Action, { replicaServers }: Ports): Promise<void> {
    switch (action.type) {
      case 'start':
        return replicaServers.start(action.replica, action.record);
      case 'stop':
        return replicaServers.stop(action.serverName);
      case 'restart':
        allAnswerSinceMs = undefined;
        await replicaServers.stop(action.replica.serverName);
        return replicaServers.start(action.replica, action.record);
    }
  }

  return {
    name: 'log-replica',
    scope: 'node',
    inputs: [],
    outputs: [],
    async observe(ports) {
      return {
        self: ports.self.nodeId,
        record: formed(),
        servers: await ports.replicaServers.observe(),
        leaderlessMs: await leaderlessMs(ports),
        logWorked: logWorked(),
      };
    },
    decide,
    act,
  };
}

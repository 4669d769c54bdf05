import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { LogReport, ReplicaFate } from '../../state/log-report.ts';
import { type Replicas, replicasOf } from '../../state/replicas.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { type AskMembers, createHearsay } from './hearsay.ts';
import type { Observed } from './observed.ts';

export interface LogReplicaOptions {
  /** The genesis record as it stands now: a founding of the log anew changes it while the agent runs. */
  formed(): GenesisRecord;
  /** True once this node has ever seen an entry of the log. */
  logWorked(): boolean;
  /** What is to become of this node's replicas of the log of an epoch. */
  replicaFate(epoch: number): ReplicaFate;
  /** Resolves once what follows from the report is on disk. */
  reportLog(epoch: number, report: LogReport): Promise<void>;
  /** What other nodes know of where the replicas are. */
  readonly askMembers: AskMembers;
  /** The log is to be looked for where these are. */
  followReplicas(replicas: Replicas): void;
}

/**
 * Runs this node's replicas of the log, and no others. Needs nothing of the log itself, so it is
 * what brings the log up at each start; and it tells who decides on a later epoch whether it came.
 */
export function createLogReplica(options: LogReplicaOptions): Controller<Observed, Action> {
  const { formed, logWorked, replicaFate, reportLog, askMembers, followReplicas } = options;
  const hearsay = createHearsay(askMembers);
  let allAnswerSinceMs: number | undefined;
  let restarts = 0;
  let toldGeneration: number | undefined;

  /** For how long all replicas of a log that never worked have answered; null when they do not. */
  async function watch({ clock, replicaServers }: Ports): Promise<number | null> {
    const record = formed();
    if (logWorked()) {
      await reportLog(record.epoch, { type: 'worked' });
      return null;
    }
    const answering = await replicaServers.answering(record);
    const silent = record.replicas.filter(({ serverName }) => !answering.includes(serverName));
    const missing = [...new Set(silent.map(({ nodeId }) => nodeId))];
    await reportLog(record.epoch, { type: 'silent', missing });
    allAnswerSinceMs = missing.length > 0 ? undefined : (allAnswerSinceMs ?? clock.nowMs());
    return allAnswerSinceMs === undefined ? null : clock.nowMs() - allAnswerSinceMs;
  }

  async function retire(
    { epoch, serverNames }: Extract<Action, { type: 'retire' }>,
    { replicaServers }: Ports,
  ): Promise<void> {
    const remains = await Promise.all(serverNames.map((name) => replicaServers.retire(name)));
    await reportLog(epoch, { type: 'stopped', used: remains.includes('used') });
  }

  async function refresh(
    { generation, told }: Extract<Action, { type: 'refresh' }>,
    { replicaServers }: Ports,
  ): Promise<void> {
    for (const { replica, record } of told) await replicaServers.refresh(replica, record);
    toldGeneration = generation;
  }

  async function act(action: Action, ports: Ports): Promise<void> {
    const { replicaServers } = ports;
    switch (action.type) {
      case 'start':
      case 'resume':
        return replicaServers.start(action.replica, action.record);
      case 'refresh':
        return refresh(action, ports);
      case 'stop':
        return replicaServers.stop(action.serverName);
      case 'restart':
        allAnswerSinceMs = undefined;
        restarts += 1;
        await replicaServers.stop(action.replica.serverName);
        return replicaServers.start(action.replica, action.record);
      case 'retire':
        return retire(action, ports);
      case 'discard':
        return replicaServers.discard(action.serverName);
    }
  }

  return {
    name: 'log-replica',
    scope: 'node',
    inputs: ['replicas'],
    outputs: [],
    settledLookMs: 30_000,
    // Without its replicas there is no log, and so no way in which what can not be read would ever go.
    despiteUnread: ['resume'],
    async observe(ports) {
      const leaderlessMs = await watch(ports);
      const record = formed();
      const servers = await ports.replicaServers.observe();
      const copied = replicasOf(record, ports.store.get('replicas', SINGLETON));
      const { replicas, word } = await hearsay.ask({ record, copied, servers }, ports);
      followReplicas(replicas);
      return {
        self: ports.self.nodeId,
        record,
        fate: replicaFate(record.epoch),
        replicas,
        word,
        servers,
        toldGeneration,
        leaderlessMs,
        restarts,
        logWorked: logWorked(),
      };
    },
    decide,
    act,
  };
}

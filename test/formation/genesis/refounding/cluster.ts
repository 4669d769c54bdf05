import type { Effect } from '../../../../src/formation/genesis/effect.ts';
import type { Happening, Peer } from '../../../../src/formation/genesis/input.ts';
import type { Message } from '../../../../src/formation/genesis/message.ts';
import type { Rules } from '../../../../src/formation/genesis/rules.ts';
import { contradiction } from '../invariants.ts';
import { feed, type Host, type LogRecord, mayRunServers, newHost, recordOf } from './host.ts';

export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly message: Message<LogRecord>;
}

export type Cluster = ReturnType<typeof createCluster>;

/** Hosts that all hold the record of epoch 1, the letters between them, and what their logs do. */
export function createCluster(nodeIds: readonly string[], first: LogRecord, rules: Rules) {
  const hosts = nodeIds.map((nodeId) => newHost(nodeId, first));
  const records = new Map([[first.epoch, first]]);
  const logsUp = new Set<number>();
  const logsWritten = new Set<number>();
  const letters: Letter[] = [];
  let violation: string | null = null;

  function stimulate(host: Host, epoch: number, happening: Happening<LogRecord>) {
    for (const effect of feed(host, epoch, nodeIds.length, happening, rules)) carry(host, effect);
  }

  function carry(host: Host, effect: Effect<LogRecord>) {
    if (effect.type === 'send') {
      letters.push({ from: host.nodeId, to: effect.to, message: effect.message });
    }
    if (effect.type === 'formed') announce(effect.value);
  }

  function announce(record: LogRecord) {
    const known = records.get(record.epoch);
    violation ??= contradiction(known?.id ?? null, record.id);
    records.set(record.epoch, known ?? record);
    if (logsWritten.has(record.epoch - 1))
      violation ??= `epoch ${record.epoch} drops what was written`;
  }

  /** A letter for an epoch that the host can not know about yet is lost, unless it is the record. */
  function deliver({ from, to, message }: Letter) {
    const host = hosts.find(({ nodeId }) => nodeId === to);
    if (!host?.isUp) return;
    const isKnown = message.epoch <= recordOf(host).epoch + 1;
    if (!isKnown && message.type !== 'formed') return;
    stimulate(host, message.epoch, { type: 'message', from, message });
  }

  /** Hellos with all that are up, then whatever time it is for. */
  function look(host: Host) {
    const { epoch } = recordOf(host);
    stimulate(host, epoch, { type: 'knowledge', peers: peersOf(epoch) });
    stimulate(host, epoch + 1, { type: 'knowledge', peers: peersOf(epoch + 1) });
    stimulate(host, epoch + 1, { type: 'tick' });
  }

  function peersOf(epoch: number): Peer[] {
    const reachable = hosts.filter((host) => host.isUp);
    return reachable.map((host) => {
      return { nodeId: host.nodeId, reachable: true, formed: recordOf(host).epoch >= epoch };
    });
  }

  function giveUpOnLog(host: Host) {
    const { epoch } = recordOf(host);
    if (host.wrote.has(epoch)) return;
    stimulate(host, epoch + 1, { type: 'log-never-formed' });
  }

  function finishStop(host: Host, looksForWrites: boolean) {
    const epoch = host.stopping;
    if (epoch === null) return;
    host.stopping = null;
    if (looksForWrites && host.wrote.has(epoch)) stimulate(host, epoch + 1, { type: 'log-formed' });
    else stimulate(host, epoch + 1, { type: 'replica-stopped', epoch });
  }

  function startServers(host: Host) {
    if (mayRunServers(host)) host.running = recordOf(host).epoch;
  }

  /** Replicas of this epoch that run, one entry per replica. */
  function running({ epoch, replicas }: LogRecord): Host[] {
    return replicas.flatMap((nodeId) =>
      hosts.filter((host) => host.nodeId === nodeId && host.running === epoch),
    );
  }

  function canWrite(record: LogRecord): boolean {
    return logsUp.has(record.epoch) && running(record).length >= 2;
  }

  /** Every log that can accept a write accepts one. */
  function useLogs(order: (replicas: Host[]) => Host[]) {
    for (const record of records.values()) useLog(record, order(running(record)));
  }

  /** Cold, a log needs all its replicas; then any two accept a write, and remember it. */
  function useLog({ epoch }: LogRecord, replicas: readonly Host[]) {
    if (replicas.length === 3) logsUp.add(epoch);
    if (!logsUp.has(epoch) || replicas.length < 2) return;
    if (records.has(epoch + 1)) violation ??= `epoch ${epoch} writes after its end`;
    logsWritten.add(epoch);
    for (const host of replicas.slice(0, 2)) host.wrote.add(epoch);
  }

  /** Whether a replica of the newest log has stopped for good. */
  function isCrippled(): boolean {
    const newest = records.get(lastEpoch());
    return hosts.some(({ nodeId, acceptors }) => {
      const isStopped = acceptors.get(lastEpoch() + 1)?.replicasStopped ?? false;
      return isStopped && newest?.replicas.includes(nodeId);
    });
  }

  function lastEpoch(): number {
    return Math.max(...records.keys());
  }

  return {
    hosts,
    letters,
    deliver,
    look,
    giveUpOnLog,
    finishStop,
    startServers,
    useLogs,
    violation: () => violation,
    lastEpoch,
    isCrippled,
    someLogWrites: () => [...records.values()].some(canWrite),
  };
}

import type { Acceptor } from '../../../../src/formation/genesis/acceptor.ts';
import type { GenesisConfig } from '../../../../src/formation/genesis/config.ts';
import type { Effect } from '../../../../src/formation/genesis/effect.ts';
import type { Happening } from '../../../../src/formation/genesis/input.ts';
import type { Rules } from '../../../../src/formation/genesis/rules.ts';
import { type GenesisState, startGenesis } from '../../../../src/formation/genesis/state.ts';
import { step } from '../../../../src/formation/genesis/step.ts';
import { instantly } from '../genesis-config.ts';

/** Stands for a genesis record that places three log replicas, some perhaps on one node. */
export interface LogRecord {
  readonly id: string;
  readonly epoch: number;
  readonly replicas: readonly string[];
}

/** One node with a miniature driver: genesis for the epoch it lacks, log servers for the one it has. */
export interface Host {
  readonly nodeId: string;
  /** On disk: what genesis persisted for each epoch, and which logs have written here. */
  readonly acceptors: Map<number, Acceptor<LogRecord>>;
  readonly wrote: Set<number>;
  /** In memory, empty while the host is down. */
  readonly geneses: Map<number, GenesisState<LogRecord>>;
  isUp: boolean;
  /** The epoch whose servers run here. */
  running: number | null;
  stopping: number | null;
}

export function newHost(nodeId: string, first: LogRecord): Host {
  const acceptor: Acceptor<LogRecord> = {
    epoch: 1,
    promised: null,
    accepted: null,
    roll: [nodeId],
    replicasStopped: false,
    formed: { value: first },
  };
  return {
    nodeId,
    acceptors: new Map([[1, acceptor]]),
    wrote: new Set(),
    geneses: new Map(),
    isUp: true,
    running: null,
    stopping: null,
  };
}

/** The newest record that the host holds. */
export function recordOf({ acceptors }: Host): LogRecord {
  const records = [...acceptors.values()].flatMap(({ formed }) => (formed ? [formed.value] : []));
  return records.reduce((newest, record) => (record.epoch > newest.epoch ? record : newest));
}

export function mayRunServers(host: Host): boolean {
  const { epoch, replicas } = recordOf(host);
  const isStopped = host.acceptors.get(epoch + 1)?.replicasStopped ?? false;
  return host.isUp && host.stopping === null && replicas.includes(host.nodeId) && !isStopped;
}

export function crashHost(host: Host) {
  host.geneses.clear();
  host.isUp = false;
  host.running = null;
  host.stopping = null;
}

/** Feeds one input to the genesis of an epoch and does what it asks of this host. */
export function feed(
  host: Host,
  epoch: number,
  expectedNodes: number,
  happening: Happening<LogRecord>,
  rules: Rules,
): readonly Effect<LogRecord>[] {
  const config = configOf(host, epoch, expectedNodes);
  const state =
    host.geneses.get(epoch) ?? startGenesis(config, host.acceptors.get(epoch) ?? null, 0);
  const result = step(config, state, { ...happening, nowMs: 0, random: 0 }, rules);
  host.geneses.set(epoch, result.state);
  for (const effect of result.effects) obey(host, epoch, effect);
  return result.effects;
}

function obey(host: Host, epoch: number, effect: Effect<LogRecord>) {
  if (effect.type === 'persist') host.acceptors.set(epoch, effect.acceptor);
  if (effect.type === 'formed') host.running = null;
  if (effect.type !== 'stop-replica') return;
  host.running = null;
  host.stopping = effect.epoch;
}

function configOf(host: Host, epoch: number, expectedNodes: number): GenesisConfig<LogRecord> {
  const before = host.acceptors.get(epoch - 1)?.formed?.value;
  const replaces = before ? { epoch: before.epoch, replicas: before.replicas } : null;
  return {
    nodeId: host.nodeId,
    instance: { epoch, expectedNodes, replaces },
    timings: instantly,
    propose({ ballot, reachable }) {
      const replicas = [0, 1, 2].map((slot) => reachable[(slot + ballot.round) % reachable.length]);
      const id = `${epoch}/${ballot.nodeId}/${ballot.round}`;
      return { id, epoch, replicas: replicas.map((nodeId) => nodeId ?? ballot.nodeId) };
    },
    idOf: (record) => record.id,
  };
}

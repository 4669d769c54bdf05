import type { LogReplicaOptions } from '../controllers/log-replica/controller.ts';
import type { MetPeer } from '../formation/formation.ts';
import type { Ports } from '../ports/index.ts';
import type { LogConnection } from '../ports/log-connection.ts';
import type { Peers } from '../ports/peers.ts';
import { freezeOf } from '../runtime/freeze.ts';
import { type Manager, startManager } from '../runtime/manager.ts';
import { noticeReady } from '../runtime/own-api-server.ts';
import { answerPings } from '../runtime/probing/answer-pings.ts';
import type { RegisteredController } from '../runtime/registered-controller.ts';
import { UNANSWERED } from '../runtime/unanswered.ts';
import { type GenesisRecord, logName } from '../state/genesis-record.ts';
import { KINDS } from '../state/kinds.ts';
import { type ControllerOptions, controllersOf } from './controllers.ts';
import { replicaFollower } from './replica-follower.ts';
import { createReplicaWord } from './replica-word.ts';
import { type RunningLog, runLog } from './running-log.ts';

/** What runs once this machine belongs to a cluster. */
interface Membership {
  readonly log: RunningLog;
  readonly manager: Manager;
}

/** From the genesis record on, until stopped; anew for each epoch of the log. */
export interface Member {
  /** Undefined before there is a cluster, and while another epoch begins. */
  current(): Membership | undefined;
  /** Rejects when the agent can not go on, such as when its disk refuses to keep its state. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Where the genesis record comes from, and who decides on a later epoch. */
interface Founded extends Pick<LogReplicaOptions, 'replicaFate' | 'reportLog'> {
  readonly formed: Promise<GenesisRecord>;
  record(): GenesisRecord | null;
  /** This process runs from the copied disk of a node that lives. */
  isCopy(): boolean;
  /** Resolves to the record of a later epoch than this one. */
  successor(epoch: number): Promise<GenesisRecord>;
  /** Where the other nodes were met. */
  endpoints(): readonly MetPeer[];
}

export interface MemberOptions {
  readonly formation: Founded;
  /** What an agent has before there is a log. */
  readonly ports: Omit<Ports, 'leadership' | 'leases' | 'observers' | 'store'>;
  /** How members ask each other whether they are there. */
  readonly peers: Peers;
  openLog(record: GenesisRecord): LogConnection;
  /** Which controllers run; default: every one there is. */
  readonly controllers?: (options: ControllerOptions) => readonly RegisteredController[];
}

/** Runs log and controllers as soon as there is a cluster to be a member of. */
export function becomeMember(options: MemberOptions): Member {
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  const { formation } = options;
  answerPings(options.peers, options.ports.self, options.ports.clock);
  let current: Membership | undefined;

  async function live(): Promise<void> {
    let record = await Promise.race([formation.formed, stopped]);
    while (record) {
      const membership = await startMembership(options, record);
      current = membership;
      record = await Promise.race([formation.successor(record.epoch), stopped]);
      current = undefined;
      await stopMembership(membership);
    }
  }

  const life = live();
  life.catch(fail);
  // Whoever started the agent looks at this only once the start is complete.
  failed.catch(() => undefined);

  return {
    current: () => current,
    failed,
    async stop() {
      stop(undefined);
      // What failed is told by `failed`, and has left nothing to stop.
      await life.catch(() => undefined);
    },
  };
}

async function startMembership(
  { formation, peers, ports, openLog, controllers = controllersOf }: MemberOptions,
  record: GenesisRecord,
): Promise<Membership> {
  const name = logName(record);
  const connection = openLog(record);
  const log = await runLog(connection, name, {
    ...ports,
    peers,
    mayLead: () => !formation.isCopy(),
  });
  const { leadership, leases, observers, store } = log;
  const formed = (): GenesisRecord => formation.record() ?? record;
  // An entry that this version can not read was written by a newer one: look, but do nothing (S25).
  const freeze = () => freezeOf(formation.isCopy(), store.problems());
  const logWorked = (): boolean =>
    store.synced ||
    store.problems().length > 0 ||
    KINDS.some((kind) => store.list(kind).length > 0);
  const kube = noticeReady(ports.kube, () => manager.retryFailed(UNANSWERED));
  const all = { ...ports, kube, leadership, leases, observers, store };
  const { replicaFate, reportLog, endpoints } = formation;
  const askMembers = createReplicaWord({ peers, random: ports.random, endpoints, name, store });
  const followReplicas = replicaFollower(connection);
  const manager = startManager(
    controllers({ formed, logWorked, replicaFate, reportLog, askMembers, followReplicas }),
    all,
    freeze,
  );
  void store.ready.then(() => manager.retryNow());
  return { log, manager };
}

async function stopMembership({ manager, log }: Membership): Promise<void> {
  await manager.stop();
  await log.stop();
}

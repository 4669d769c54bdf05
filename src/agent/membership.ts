import { createX25519Sealer } from '../adapters/x25519-sealer.ts';
import type { Ports } from '../ports/index.ts';
import type { Self } from '../ports/self.ts';
import { type Manager, startManager } from '../runtime/manager.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { SINGLETON } from '../state/kinds.ts';
import { controllersOf } from './controllers.ts';
import type { Foundations } from './foundations.ts';
import type { HostSide } from './host-side.ts';
import { type Kubeconfigs, serveKubeconfigs } from './kubeconfig-answer.ts';
import type { Meeting } from './meeting.ts';
import { type RunningLog, runLog } from './running-log.ts';

/** What runs once this machine belongs to a cluster. */
interface Membership {
  readonly log: RunningLog;
  readonly manager: Manager;
  readonly kubeconfigs: Kubeconfigs;
}

/** From the genesis record on, until stopped. */
export interface Member {
  /** Undefined before there is a cluster. */
  current(): Membership | undefined;
  /** Rejects when the agent can not go on, such as when its disk refuses to keep its state. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Runs log and controllers as soon as there is a cluster to be a member of. */
export function becomeMember(base: Foundations, meeting: Meeting, host: HostSide): Member {
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  let starting: Promise<Membership> | undefined;
  let current: Membership | undefined;
  let isStopped = false;

  async function start(record: GenesisRecord): Promise<void> {
    if (isStopped) return;
    starting = startMembership(base, meeting, host, record);
    current = await starting;
  }

  meeting.formation.formed.then(start).catch(fail);
  // Whoever started the agent looks at this only once the start is complete.
  failed.catch(() => undefined);

  return {
    current: () => current,
    failed,
    async stop() {
      isStopped = true;
      // A start that failed is told by `failed`, and has left nothing to stop.
      await starting?.then(stopMembership, () => undefined);
    },
  };
}

async function startMembership(
  base: Foundations,
  { formation, peers }: Meeting,
  { ports: hostPorts, replicaServers }: HostSide,
  record: GenesisRecord,
): Promise<Membership> {
  const { clock, durable, identity, log, random } = base;
  const { nodeId, incarnation } = base.self;
  const self: Self = { nodeId, incarnation, record: base.self };
  const running = await runLog(base, self, record);
  const { leadership, leases, store } = running;
  const ports: Ports = {
    ...hostPorts,
    clock,
    durable,
    leadership,
    leases,
    log,
    random,
    replicaServers,
    sealer: createX25519Sealer(identity.sealPrivateKey),
    self,
    store,
  };
  const formed = (): GenesisRecord => formation.record() ?? record;
  // An entry that this version can not read was written by a newer one: look, but do nothing (S25).
  const frozen = (): boolean => store.problems().length > 0;
  const logWorked = (): boolean => store.synced || store.get('leadership', SINGLETON) !== undefined;
  const manager = startManager(controllersOf({ formed, logWorked }), ports, frozen);
  void store.ready.then(() => manager.retryNow());
  return {
    log: running,
    manager,
    kubeconfigs: serveKubeconfigs({ files: hostPorts.files, peers, store }),
  };
}

async function stopMembership({ manager, log }: Membership): Promise<void> {
  await manager.stop();
  await log.stop();
}

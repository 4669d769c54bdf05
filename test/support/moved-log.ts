import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createNatsLogPeers } from '../../src/adapters/nats-log-peers.ts';
import { createProcessReplicas } from '../../src/adapters/nats-process-replicas.ts';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Action } from '../../src/controllers/replicas/action.ts';
import { decide } from '../../src/controllers/replicas/decide.ts';
import type { Observed } from '../../src/controllers/replicas/observed.ts';
import type { LogConnection } from '../../src/ports/log-connection.ts';
import type { LogGroups } from '../../src/ports/log-peers.ts';
import type { ReplicaServers } from '../../src/ports/replica-servers.ts';
import type { Replica } from '../../src/state/genesis-record.ts';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import {
  genesisReplicas,
  type Replicas,
  recordFor,
  runningReplicas,
} from '../../src/state/replicas.ts';
import { facts } from './controllers-facts.ts';
import { freePair } from './free-ports.ts';
import { JOIN_KEY } from './genesis-record.ts';
import { createLogReplicas, type LogReplicas } from './log-replicas.ts';
import { silentLog } from './silent-log.ts';

const LOOK_MS = 200;
const NODES = [1, 2, 3, 4, 5];

/** A real log whose replicas move as the leader's controller decides, on five nodes of which the test says how they are. */
export interface MovedLog {
  readonly first: LogReplicas;
  replicas(): Replicas;
  /** What one node is taken for from now on. */
  say(number: number, change: Partial<NodeFacts>): void;
  /** Decides and acts until nothing is left to do; resolves to what was done, in order. */
  settle(): Promise<readonly string[]>;
  groups(): Promise<LogGroups | undefined>;
  /** The same by somebody who does not know of this server. */
  groupsWithout(serverName: string): Promise<LogGroups | undefined>;
  /** As the power fails on a node that got a replica later. */
  killMoved(nodeId: string): Promise<void>;
  /** Starts those servers again. */
  restartMoved(): Promise<void>;
  open(name: string): LogConnection;
  destroy(): Promise<void>;
}

export async function createMovedLog(): Promise<MovedLog> {
  const first = await createLogReplicas();
  const { path } = await ensureNatsServer({ onProgress: () => undefined });
  const { record } = first;
  const peers = createNatsLogPeers(JOIN_KEY, 'zzzzzzzzzzz');
  const known = new Map<string, NodeFacts>();
  for (const number of NODES) {
    const host = { addresses: ['127.0.0.1'], logPortBase: await freePair() };
    const fact = facts(number, { node: host });
    known.set(fact.node.nodeId, fact);
  }
  const moved = new Map<string, ReturnType<typeof createProcessReplicas>>();
  const evacuated = new Map<string, number>();
  let replicas: Replicas = genesisReplicas(record);

  const places = () => ({ ...record, replicas: runningReplicas(replicas) });
  const observe = async (): Promise<Observed> => ({
    term: 7,
    graceMs: 60_000,
    facts: known,
    deadForMs: new Map([...known.keys()].map((key) => [key, 61_000])),
    replicas,
    revision: replicas.generation,
    groups: await peers.groups(places()),
    evacuatedMs: new Map([...evacuated].map(([name, atMs]) => [name, Date.now() - atMs])),
  });

  async function start(replica: Replica): Promise<void> {
    const servers = createProcessReplicas({
      root: join(first.folder, replica.nodeId),
      joinKey: JOIN_KEY,
      serverPath: async () => path,
      files: createHostFileSystem('/'),
      clock: createSystemClock(),
      log: silentLog,
    });
    moved.set(replica.nodeId, servers);
    await (servers satisfies ReplicaServers).start(replica, recordFor(replica, replicas, record));
  }

  async function act(action: Action): Promise<void> {
    switch (action.type) {
      case 'write': {
        const before = runningReplicas(replicas);
        replicas = action.replicas;
        const isNew = ({ serverName }: Replica) =>
          before.every((each) => each.serverName !== serverName);
        for (const replica of replicas.replicas.filter(isNew)) await start(replica);
        return;
      }
      case 'evacuate':
        evacuated.set(action.member.serverName, Date.now());
        return peers.evacuate(places(), action.member);
      case 'lead':
        return peers.lead(places(), action.serverName);
      case 'remove':
        return peers.remove(places(), action.member);
    }
  }

  return {
    first,
    replicas: () => replicas,
    say(number, change) {
      const fact = known.get(facts(number).node.nodeId);
      if (fact) known.set(fact.node.nodeId, { ...fact, ...change });
    },
    async settle() {
      const done: string[] = [];
      for (;;) {
        const decided = decide(await observe());
        if (decided.length === 0) return done;
        for (const action of decided) {
          if (action.type === 'requeue') continue;
          done.push(action.type);
          // What is not confirmed is looked at again.
          await act(action).catch(() => undefined);
        }
        await delay(LOOK_MS);
      }
    },
    groups: () => peers.groups(places()),
    groupsWithout(serverName) {
      const known = runningReplicas(replicas).filter((each) => each.serverName !== serverName);
      return peers.groups({ ...record, replicas: known });
    },
    killMoved: async (nodeId) => moved.get(nodeId)?.killAll(),
    async restartMoved() {
      for (const replica of replicas.replicas) await start(replica);
    },
    open(name) {
      const log = first.open(name);
      log.follow(runningReplicas(replicas));
      return log;
    },
    async destroy() {
      await Promise.all([...moved.values()].map((servers) => servers.stopAll()));
      await first.destroy();
    },
  };
}

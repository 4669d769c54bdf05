import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { type BucketName, streamName } from '../../src/adapters/jetstream-buckets.ts';
import { openJetStreamLog } from '../../src/adapters/jetstream-log.ts';
import { openLogConnection } from '../../src/adapters/nats-connection.ts';
import { logCredentials } from '../../src/adapters/nats-credentials.ts';
import { createProcessReplicas } from '../../src/adapters/nats-process-replicas.ts';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import type { LogConnection } from '../../src/ports/log-connection.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import { freePorts } from './free-ports.ts';
import { genesisRecord, JOIN_KEY } from './genesis-record.ts';
import { silentLog } from './silent-log.ts';

/** A real log of three nats-servers on this machine. */
export interface LogReplicas {
  readonly folder: string;
  readonly record: GenesisRecord;
  start(index: number): Promise<void>;
  startAll(): Promise<void>;
  /** SIGKILL, and no restart until `start`. */
  kill(index: number): Promise<void>;
  killAll(): Promise<void>;
  /** A client with credentials of its own; `joinKey` for one that does not belong here. */
  open(name: string, joinKey?: Uint8Array): LogConnection;
  /** Index of the replica that leads a bucket. */
  leaderOf(bucket: BucketName): Promise<number>;
  /** Ends every process and client. */
  destroy(): Promise<void>;
}

/** Three replicas that were not started yet, on ports that were free a moment ago. */
export async function createLogReplicas(): Promise<LogReplicas> {
  const { path } = await ensureNatsServer({ onProgress: () => undefined });
  const folder = await mkdtemp(join(tmpdir(), 'civitas-log-'));
  const record = genesisRecord(onPorts(await freePorts(6)));
  const clock = createSystemClock();
  const random = createSystemRandom();
  const logs: LogConnection[] = [];
  const servers = record.replicas.map((replica) =>
    createProcessReplicas({
      root: join(folder, replica.nodeId),
      joinKey: JOIN_KEY,
      serverPath: async () => path,
      files: createHostFileSystem('/'),
      clock,
      log: silentLog,
    }),
  );

  const start = async (index: number) => {
    const [server, replica] = [servers[index], record.replicas[index]];
    if (server && replica) await server.start(replica, record);
  };
  const kill = async (index: number) => servers[index]?.killAll();
  const indexes = [0, 1, 2];

  return {
    folder,
    record,
    start,
    startAll: async () => void (await Promise.all(indexes.map(start))),
    kill,
    killAll: async () => void (await Promise.all(indexes.map(kill))),
    async leaderOf(bucket) {
      const credentials = logCredentials(JOIN_KEY, record, 'zzzzzzzzzzz', 'client');
      const asking = { name: 'test', replicas: record.replicas, credentials, clock, random };
      const connection = openLogConnection(asking);
      const session = await connection.session(new AbortController().signal);
      const info = await session?.manager.streams.info(streamName(bucket));
      await connection.close();
      return record.replicas.findIndex(({ serverName }) => serverName === info?.cluster?.leader);
    },
    open(name, joinKey = JOIN_KEY) {
      const credentials = logCredentials(joinKey, record, 'zzzzzzzzzzz', 'client');
      const log = openJetStreamLog({ name, record, credentials, clock, random, log: silentLog });
      logs.push(log);
      return log;
    },
    async destroy() {
      await Promise.all(logs.map((log) => log.close()));
      await Promise.all(servers.map((server) => server.stopAll()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function onPorts(ports: readonly number[]): readonly Replica[] {
  return genesisRecord().replicas.map((replica, index) => {
    const [clientPort = 0, routePort = 0] = ports.slice(2 * index);
    return { ...replica, address: '127.0.0.1', clientPort, routePort };
  });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { type BucketName, streamName } from '../../src/adapters/jetstream-buckets.ts';
import { openJetStreamLog } from '../../src/adapters/jetstream-log.ts';
import { openLogConnection } from '../../src/adapters/nats-connection.ts';
import { logCredentials } from '../../src/adapters/nats-credentials.ts';
import { createProcessReplicas } from '../../src/adapters/nats-process-replicas.ts';
import { examineReplica } from '../../src/adapters/nats-replica-examination.ts';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import type { LogSession } from '../../src/adapters/nats-session.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import type { LogConnection } from '../../src/ports/log-connection.ts';
import type { ReplicaRemains } from '../../src/ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import type { WaitReason } from '../../src/state/status.ts';
import { freePorts } from './free-ports.ts';
import { genesisRecord, JOIN_KEY } from './genesis-record.ts';
import { silentLog } from './silent-log.ts';

const START_LOOK_MS = 50;
const LEADER_LOOK_MS = 500;

/** A real log of three nats-servers on this machine. */
export interface LogReplicas {
  readonly folder: string;
  readonly record: GenesisRecord;
  folderOf(index: number): string;
  /** Resolves once it answers. */
  start(index: number): Promise<void>;
  /** Does not wait for an answer. */
  begin(index: number): Promise<void>;
  startAll(): Promise<void>;
  /** SIGKILL, and no restart until `start`. */
  kill(index: number): Promise<void>;
  killAll(): Promise<void>;
  /** SIGTERM, and no restart until `start`. */
  stop(index: number): Promise<void>;
  /** Stops a replica for good. */
  retire(index: number): Promise<ReplicaRemains | undefined>;
  /** What is observed to keep any of them from serving. */
  problems(): Promise<readonly WaitReason[]>;
  /** A client with credentials of its own; `joinKey` for one that does not belong here. */
  open(name: string, joinKey?: Uint8Array): LogConnection;
  /** Index of the replica that leads a bucket. */
  leaderOf(bucket: BucketName): Promise<number>;
  /** Resolves once that replica leads the bucket, as it is made to. */
  becomesLeader(index: number, bucket: BucketName): Promise<void>;
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

  const examine = async (index: number) => {
    const replica = record.replicas[index];
    const asker = replica && logCredentials(JOIN_KEY, record, replica.nodeId, 'system');
    return asker && examineReplica(replica, asker);
  };
  const begin = async (index: number) => {
    const [server, replica] = [servers[index], record.replicas[index]];
    if (server && replica) await server.start(replica, record);
  };
  const start = async (index: number) => {
    await begin(index);
    while ((await examine(index))?.type === 'silent') await clock.sleep(START_LOOK_MS);
  };
  const kill = async (index: number) => servers[index]?.killAll();
  const indexes = [0, 1, 2];

  const askLeader = async <T>(ask: (session: LogSession) => Promise<T>): Promise<T> => {
    const credentials = logCredentials(JOIN_KEY, record, 'zzzzzzzzzzz', 'client');
    const asking = { name: 'test', replicas: record.replicas, credentials, clock, random };
    const connection = openLogConnection(asking);
    const session = await connection.session(new AbortController().signal);
    if (!session) throw new Error('nothing aborts the wait for a session');
    return ask(session).finally(() => connection.close());
  };
  const leaderOf = (bucket: BucketName) =>
    askLeader(async ({ manager }) => {
      const { cluster } = await manager.streams.info(streamName(bucket));
      return record.replicas.findIndex(({ serverName }) => serverName === cluster?.leader);
    });
  const stepDown = (index: number, bucket: BucketName) =>
    askLeader(({ nats }) => {
      const placement = { preferred: record.replicas[index]?.serverName };
      const subject = `$JS.API.STREAM.LEADER.STEPDOWN.${streamName(bucket)}`;
      return nats.request(subject, JSON.stringify({ placement }));
    });

  return {
    folder,
    record,
    folderOf: (index) => {
      const { nodeId = '', serverName = '' } = record.replicas[index] ?? {};
      return join(folder, nodeId, serverName);
    },
    start,
    begin,
    startAll: async () => void (await Promise.all(indexes.map(start))),
    kill,
    killAll: async () => void (await Promise.all(indexes.map(kill))),
    stop: async (index) => servers[index]?.stopAll(),
    async retire(index) {
      const replica = record.replicas[index];
      return replica && servers[index]?.retire(replica.serverName);
    },
    async problems() {
      const views = (await Promise.all(servers.map((server) => server.observe()))).flat();
      return views.flatMap(({ problem }) => (problem ? [problem] : []));
    },
    leaderOf,
    async becomesLeader(index, bucket) {
      while ((await examine(index))?.type !== 'fit') await clock.sleep(LEADER_LOOK_MS);
      // While there is no leader the question fails. Whoever is to lead needs peace to get ready.
      while ((await leaderOf(bucket).catch(() => -1)) !== index) {
        await stepDown(index, bucket).catch(() => undefined);
        await clock.sleep(4 * LEADER_LOOK_MS);
      }
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

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentAuthority } from '../../src/adapters/certificates.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { type BucketName, streamName } from '../../src/adapters/jetstream-buckets.ts';
import { type JetStreamLog, openJetStreamLog } from '../../src/adapters/jetstream-log.ts';
import { openLogConnection } from '../../src/adapters/nats-connection.ts';
import { logCredentials } from '../../src/adapters/nats-credentials.ts';
import { createProcessReplicas } from '../../src/adapters/nats-process-replicas.ts';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import { silentLog } from './silent-log.ts';

export const JOIN_KEY = new Uint8Array(32).fill(7);
const CLUSTER_ID = '0d5ba1ab-0000-4000-8000-000000000000';

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
  open(name: string, joinKey?: Uint8Array): JetStreamLog;
  /** Index of the replica that leads a bucket. */
  leaderOf(bucket: BucketName): Promise<number>;
  /** Ends every process and client. */
  destroy(): Promise<void>;
}

/** Three replicas that were not started yet, on ports that were free a moment ago. */
export async function createLogReplicas(): Promise<LogReplicas> {
  const { path } = await ensureNatsServer({ onProgress: () => undefined });
  const folder = await mkdtemp(join(tmpdir(), 'civitas-log-'));
  const record = genesisRecord(await freePorts(6));
  const clock = createSystemClock();
  const random = createSystemRandom();
  const logs: JetStreamLog[] = [];
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

function genesisRecord(ports: readonly number[]): GenesisRecord {
  const replicas = ['a', 'b', 'c'].map((letter, index): Replica => {
    const nodeId = letter.repeat(11);
    const [clientPort = 0, routePort = 0] = ports.slice(2 * index);
    return { serverName: `${nodeId}-1`, nodeId, address: '127.0.0.1', clientPort, routePort };
  });
  return {
    version: 1,
    clusterId: CLUSTER_ID,
    epoch: 1,
    expectedNodes: 3,
    spec: clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }),
    replicas,
    firstControlPlane: 'aaaaaaaaaaa',
    enrolmentCa: enrolmentAuthority(JOIN_KEY, CLUSTER_ID).certificatePem,
  };
}

/** All held at once, so that they differ; another program may still take one before we do. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

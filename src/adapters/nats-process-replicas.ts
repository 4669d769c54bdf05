import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { Log } from '../ports/log.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { type RunCommand, runCommand } from './execa-exec.ts';
import { readTail } from './file-tail.ts';
import { endLeftover, type ServerProcess, startServer } from './nats-process.ts';
import { createReplicaCare } from './nats-replica-care.ts';
import {
  configurationPath,
  listensElsewhere,
  replicaFolder,
  retireReplicaFolder,
  writeReplicaFolder,
} from './nats-replica-folder.ts';
import type { ReplicaQuestions, ReplicaRunner } from './nats-replica-look.ts';
import { answeringReplicas } from './nats-replica-probe.ts';
import { replicaQuestions } from './nats-replica-questions.ts';
import { forgetIndexes, setStoreAside } from './nats-replica-store.ts';
import { createSupervisedServers } from './nats-supervised-servers.ts';

const SETPRIV_TIMEOUT_MS = 5_000;
const LAST_WORDS_BYTES = 16_384;

export interface ProcessReplicasOptions {
  /** Absolute; holds one folder for each replica. */
  readonly root: string;
  readonly joinKey: Uint8Array;
  /** Path of the nats-server. */
  readonly serverPath: () => Promise<string>;
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the NATS client unless given. */
  readonly questions?: ReplicaQuestions;
}

/** Replicas as supervised children of this process, for the demo: they end with it. */
export interface ProcessReplicas extends ReplicaServers {
  stopAll(): Promise<void>;
  /** As a power cut ends them: SIGKILL. */
  killAll(): Promise<void>;
}

export function createProcessReplicas(options: ProcessReplicasOptions): ProcessReplicas {
  const { root, joinKey, files, clock, log } = options;
  const { questions = replicaQuestions(joinKey) } = options;
  const told = new Map<string, readonly [Replica, GenesisRecord]>();
  const servers = createSupervisedServers({ clock, log }, (serverName) => {
    const start = told.get(serverName);
    if (start && !care.isBringingUp(serverName)) care.begin(...start);
  });
  const folderOf = (serverName: string) => replicaFolder(root, serverName);

  function writeFolder(replica: Replica, record: GenesisRecord): Promise<boolean> {
    const { serverName } = replica;
    const ownProcess = { logFile: logFile(root, serverName), pidFile: pidFile(root, serverName) };
    return writeReplicaFolder({ files, joinKey, root, ownProcess }, replica, record);
  }

  /** At each start, also of a server that ended by itself: its folder may be why it did. */
  async function launch(replica: Replica, record: GenesisRecord): Promise<ServerProcess> {
    const { serverName } = replica;
    await writeFolder(replica, record);
    const configuration = configurationPath(root, serverName);
    await endLeftover(pidFile(root, serverName), configuration, clock);
    await forgetIndexes(folderOf(serverName));
    const command = [await options.serverPath(), '--config', configuration] as const;
    return startServer([...(await endsWithUs()), ...command], clock);
  }

  const runner: ReplicaRunner = {
    async bringUp(replica, record) {
      const { serverName } = replica;
      const changed = await writeFolder(replica, record);
      const isSupervised = servers.names().includes(serverName);
      if (changed || !isSupervised) await servers.start(serverName, () => launch(replica, record));
    },
    halt: (serverName) => servers.end(serverName, 'stop'),
    lastWords: (serverName) => readTail(logFile(root, serverName), LAST_WORDS_BYTES),
    logPlace: (serverName) => `its log in ${logFile(root, serverName)}`,
    setStoreAside: (serverName) => setStoreAside(folderOf(serverName)),
  };
  const care = createReplicaCare({ runner, questions, clock, log });

  async function end(serverName: string, how: 'stop' | 'kill'): Promise<void> {
    told.delete(serverName);
    await care.end(serverName);
    await servers.end(serverName, how);
  }

  async function endForGood(serverName: string): Promise<void> {
    await end(serverName, 'stop');
    await endLeftover(pidFile(root, serverName), configurationPath(root, serverName), clock);
  }

  return {
    async observe() {
      const names = await files.list(root);
      return names.map((serverName) => {
        const running = servers.names().includes(serverName) || care.isBringingUp(serverName);
        const problem = care.problem(serverName);
        return { serverName, running, ...(problem && { problem }) };
      });
    },
    answering: answeringReplicas,
    async start(replica, record) {
      told.set(replica.serverName, [replica, record]);
      await runner.bringUp(replica, record);
      care.begin(replica, record);
    },
    async refresh(replica, record) {
      told.set(replica.serverName, [replica, record]);
      if (await listensElsewhere(files, root, replica)) await runner.bringUp(replica, record);
      else await writeFolder(replica, record);
      care.begin(replica, record);
    },
    stop: (serverName) => end(serverName, 'stop'),
    async retire(serverName) {
      await endForGood(serverName);
      return retireReplicaFolder(files, root, serverName);
    },
    async discard(serverName) {
      await endForGood(serverName);
      await files.removeTree(folderOf(serverName));
    },
    stopAll: async () =>
      void (await Promise.all([...told.keys()].map((name) => end(name, 'stop')))),
    killAll: async () =>
      void (await Promise.all([...told.keys()].map((name) => end(name, 'kill')))),
  };
}

function logFile(root: string, serverName: string): string {
  return `${replicaFolder(root, serverName)}/log`;
}

function pidFile(root: string, serverName: string): string {
  return `${replicaFolder(root, serverName)}/pid`;
}

/** Even a SIGKILL of this process ends the server, where the machine has util-linux' setpriv. */
async function endsWithUs(
  run: RunCommand = runCommand,
): Promise<readonly [string, ...string[]] | []> {
  const words = ['--pdeathsig', 'TERM', '--'];
  try {
    const { exitCode } = await run('setpriv', [...words, 'true'], {
      timeoutMs: SETPRIV_TIMEOUT_MS,
    });
    return exitCode === 0 ? ['setpriv', ...words] : [];
  } catch (error) {
    if (error instanceof RetryableError) return [];
    throw error;
  }
}

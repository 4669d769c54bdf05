import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { Log } from '../ports/log.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { type RunCommand, runCommand } from './execa-exec.ts';
import { logCredentials } from './nats-credentials.ts';
import { endLeftover, type ServerProcess, startServer } from './nats-process.ts';
import { checkReplica } from './nats-replica-check.ts';
import { configurationPath, replicaFolder, writeReplicaFolder } from './nats-replica-folder.ts';
import { allReplicasAnswer } from './nats-replica-probe.ts';

const RESTART_PAUSE_MS = 1_000;
const SETPRIV_TIMEOUT_MS = 5_000;

export interface ProcessReplicasOptions {
  /** Absolute; holds one folder for each replica. */
  readonly root: string;
  readonly joinKey: Uint8Array;
  /** Path of the nats-server. */
  readonly serverPath: () => Promise<string>;
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly log: Log;
}

/** Replicas as supervised children of this process, for the demo: they end with it. */
export interface ProcessReplicas extends ReplicaServers {
  stopAll(): Promise<void>;
  /** As a power cut ends them: SIGKILL. */
  killAll(): Promise<void>;
}

interface Supervised {
  readonly server: ServerProcess;
  wanted: boolean;
}

export function createProcessReplicas(options: ProcessReplicasOptions): ProcessReplicas {
  const { root, joinKey, files, clock, log } = options;
  const supervised = new Map<string, Supervised>();

  async function launch(serverName: string): Promise<void> {
    const configuration = configurationPath(root, serverName);
    await endLeftover(pidFile(root, serverName), configuration, clock);
    const command = [await options.serverPath(), '--config', configuration] as const;
    const server = await startServer([...(await endsWithUs()), ...command], clock);
    const entry = { server, wanted: true };
    supervised.set(serverName, entry);
    void server.ended.then(() => restart(serverName, entry));
  }

  async function restart(serverName: string, entry: Supervised): Promise<void> {
    if (!entry.wanted) return;
    log.warn({ event: 'replica.ended', serverName }, 'replica ended');
    await clock.sleep(RESTART_PAUSE_MS);
    if (!entry.wanted) return;
    await launch(serverName).catch((err: unknown) => {
      // The controller finds it not running, and starts it again.
      log.warn({ event: 'replica.not-restarted', serverName, err }, 'replica not restarted');
    });
  }

  async function end(serverName: string, how: 'stop' | 'kill'): Promise<void> {
    const entry = supervised.get(serverName);
    if (!entry) return;
    entry.wanted = false;
    await entry.server[how]();
    supervised.delete(serverName);
  }

  async function endAll(how: 'stop' | 'kill'): Promise<void> {
    await Promise.all([...supervised.keys()].map((serverName) => end(serverName, how)));
  }

  async function start(replica: Replica, record: GenesisRecord): Promise<void> {
    const { serverName, nodeId } = replica;
    const ownProcess = {
      logFile: `${replicaFolder(root, serverName)}/log`,
      pidFile: pidFile(root, serverName),
    };
    const changed = await writeReplicaFolder({ files, joinKey, root, ownProcess }, replica, record);
    const running = supervised.get(serverName)?.server.running() ?? false;
    if (running && !changed) return;
    await end(serverName, 'stop');
    await launch(serverName);
    await checkReplica(replica, logCredentials(joinKey, record, nodeId, 'system'), clock);
  }

  return {
    async observe() {
      const names = await files.list(root);
      return names.map((serverName) => ({
        serverName,
        running: supervised.get(serverName)?.server.running() ?? false,
      }));
    },
    allAnswer: allReplicasAnswer,
    start,
    stop: (serverName) => end(serverName, 'stop'),
    stopAll: () => endAll('stop'),
    killAll: () => endAll('kill'),
  };
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

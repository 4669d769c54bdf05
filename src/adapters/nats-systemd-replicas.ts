import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { Log } from '../ports/log.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { createReplicaCare } from './nats-replica-care.ts';
import {
  configurationPath,
  listensElsewhere,
  readReplicaFolder,
  replicaFolder,
  retireReplicaFolder,
  writeReplicaFolder,
} from './nats-replica-folder.ts';
import type { ReplicaQuestions, ReplicaRunner } from './nats-replica-look.ts';
import { answeringReplicas } from './nats-replica-probe.ts';
import { replicaQuestions } from './nats-replica-questions.ts';
import { setStoreAside } from './nats-replica-store.ts';
import type { NatsServer } from './nats-server-binary.ts';
import { keepServer } from './nats-server-copy.ts';
import { replicaUnit, unitName } from './nats-systemd-unit.ts';
import { rememberAnswer } from './remembered-answer.ts';
import { createSystemdUnits } from './systemd-units.ts';
import { unitProcesses } from './unit-processes.ts';

const SYSTEMCTL_TIMEOUT_MS = 60_000;
const JOURNAL_TIMEOUT_MS = 10_000;
/** More than a server prints from its start to its end when it can not serve. */
const LAST_WORDS_LINES = 100;
/** States that a unit does not leave by itself while its processes stay the same. */
const LASTING = ['active', 'inactive', 'failed'];

export interface SystemdReplicasOptions {
  /** `/var/lib/civitas/log` on a real host. */
  readonly root: string;
  /** Where the server is copied to, as units outlive caches: `/var/lib/civitas/bin`. */
  readonly binDir: string;
  readonly joinKey: Uint8Array;
  readonly server: () => Promise<NatsServer>;
  readonly run: RunCommand;
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the NATS client unless given. */
  readonly questions?: ReplicaQuestions;
}

export interface SystemdReplicas extends ReplicaServers {
  /** The units go on; nothing more is done to them. */
  close(): Promise<void>;
}

/** Replicas as services of this host's systemd, which is asked again only when a process came or went. */
export function createSystemdReplicas(options: SystemdReplicasOptions): SystemdReplicas {
  const { root, binDir, joinKey, run, files, clock, log } = options;
  const { questions = replicaQuestions(joinKey) } = options;
  const units = createSystemdUnits(run, files);

  const present = rememberAnswer(
    {
      ask: async () => {
        const names = await files.list(root);
        const shown = names.length === 0 ? [] : await units.show(...names.map(unitName));
        return names.map((serverName, index) => ({
          serverName,
          activeState: shown[index]?.activeState ?? '',
        }));
      },
      evidence: () => processesOf(files, root),
      lasts: (replicas) => replicas.every(({ activeState }) => LASTING.includes(activeState)),
    },
    clock,
  );

  async function systemctl(...args: readonly string[]): Promise<void> {
    present.forget();
    const options = { timeoutMs: SYSTEMCTL_TIMEOUT_MS };
    await runOrThrow(run, 'systemd.failed', 'systemctl', ['--no-ask-password', ...args], options);
  }

  /** Earlier releases had each boot start it. */
  async function leaveBoot(name: string): Promise<void> {
    const [unit] = await units.show(name);
    if (unit?.unitFileState === 'enabled') await units.disable(name);
  }

  const runner: ReplicaRunner = {
    async bringUp(replica, record) {
      const { serverName } = replica;
      const folder = replicaFolder(root, serverName);
      const folderChanged = await writeReplicaFolder({ files, joinKey, root }, replica, record);
      const configuration = configurationPath(root, serverName);
      const server = {
        serverName,
        serverPath: await keepServer(await options.server(), binDir),
        configuration,
        folder,
      };
      const name = unitName(serverName);
      const written = (await units.write(name, replicaUnit(server))) === 'written';
      const [unit] = await units.show(name);
      if (written) await units.readAnew();
      await leaveBoot(name);
      const active = unit?.activeState === 'active';
      if (active && !written && !folderChanged) return;
      present.forget();
      await (active ? units.restart(name) : units.start(name));
    },
    halt: (serverName) => systemctl('stop', unitName(serverName)),
    async lastWords(serverName) {
      const lines = [`--lines=${LAST_WORDS_LINES}`, '--output=cat', '--no-pager'];
      const args = ['--unit', unitName(serverName), ...lines];
      return (await run('journalctl', args, { timeoutMs: JOURNAL_TIMEOUT_MS })).stdout;
    },
    logPlace: (serverName) => `\`journalctl -u ${unitName(serverName)}\``,
    setStoreAside: (serverName) => setStoreAside(replicaFolder(root, serverName)),
  };
  const care = createReplicaCare({ runner, questions, clock, log });

  /** A unit that an earlier agent or the boot started. */
  async function adopt(serverName: string): Promise<void> {
    const found = await readReplicaFolder(files, root, serverName);
    if (found) care.begin(...found);
  }

  async function stop(serverName: string): Promise<void> {
    await care.end(serverName);
    await systemctl('stop', unitName(serverName));
    await leaveBoot(unitName(serverName));
  }

  async function stopIfKnown(serverName: string): Promise<void> {
    await care.end(serverName);
    const [unit] = await units.show(unitName(serverName));
    if (unit?.loadState !== 'not-found') await stop(serverName);
  }

  return {
    async observe() {
      const replicas = await present.get();
      const views = replicas.map(async ({ serverName, activeState }) => {
        const active = activeState === 'active';
        if (active && !care.isBegun(serverName)) await adopt(serverName);
        const problem = care.problem(serverName);
        const running = active || care.isBringingUp(serverName);
        return { serverName, running, ...(problem && { problem }) };
      });
      return Promise.all(views);
    },

    answering: answeringReplicas,

    async start(replica, record) {
      await runner.bringUp(replica, record);
      care.begin(replica, record);
    },

    async refresh(replica, record) {
      const { serverName } = replica;
      // Halted before anything is written: an agent that ends in between finds a server to start.
      if (await listensElsewhere(files, root, replica)) {
        await care.end(serverName);
        await runner.halt(serverName);
        await runner.bringUp(replica, record);
      } else {
        await writeReplicaFolder({ files, joinKey, root }, replica, record);
      }
      care.begin(replica, record);
    },

    stop,

    async retire(serverName) {
      await stopIfKnown(serverName);
      return retireReplicaFolder(files, root, serverName);
    },

    async discard(serverName) {
      await stopIfKnown(serverName);
      await units.remove(unitName(serverName));
      // Last: as long as there is a folder, the replica is seen, and this is repeated.
      await files.removeTree(replicaFolder(root, serverName));
      present.forget();
    },

    close: care.endAll,
  };
}

async function processesOf(files: HostFiles, root: string): Promise<string | undefined> {
  const names = await files.list(root);
  const seen = await Promise.all(names.map((name) => unitProcesses(files, unitName(name))));
  if (seen.includes(undefined)) return undefined;
  return names.map((name, index) => `${name}: ${seen[index]}`).join('\n');
}

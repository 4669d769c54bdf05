import { access, chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { logCredentials } from './nats-credentials.ts';
import { checkReplica } from './nats-replica-check.ts';
import { configurationPath, replicaFolder, writeReplicaFolder } from './nats-replica-folder.ts';
import { allReplicasAnswer } from './nats-replica-probe.ts';
import type { NatsServer } from './nats-server-binary.ts';
import { replicaUnit, unitName } from './nats-systemd-unit.ts';
import { createSystemdUnits } from './systemd-units.ts';

const SYSTEMCTL_TIMEOUT_MS = 60_000;

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
  readonly check?: typeof checkReplica;
}

/** Replicas as services of this host's systemd. */
export function createSystemdReplicas(options: SystemdReplicasOptions): ReplicaServers {
  const { root, binDir, joinKey, run, files, clock, check = checkReplica } = options;
  const units = createSystemdUnits(run, files);

  async function serverPath(): Promise<string> {
    const { path, version } = await options.server();
    const target = `${binDir}/nats-server-${version}`;
    await copyUnlessThere(path, target);
    return target;
  }

  /** True when it had to be started. */
  async function bringUp(name: string, text: string, folderChanged: boolean): Promise<boolean> {
    const written = (await units.write(name, text)) === 'written';
    const [unit] = await units.show(name);
    if (written || unit?.unitFileState !== 'enabled') await units.enable(name);
    const active = unit?.activeState === 'active';
    const changed = written || folderChanged;
    if (active && !changed) return false;
    await (active ? units.restart(name) : units.start(name));
    return true;
  }

  return {
    async observe() {
      const names = await files.list(root);
      if (names.length === 0) return [];
      const shown = await units.show(...names.map(unitName));
      return names.map((serverName, index) => ({
        serverName,
        running: shown[index]?.activeState === 'active',
      }));
    },

    allAnswer: allReplicasAnswer,

    async start(replica: Replica, record: GenesisRecord) {
      const { serverName, nodeId } = replica;
      const folder = replicaFolder(root, serverName);
      const folderChanged = await writeReplicaFolder({ files, joinKey, root }, replica, record);
      const configuration = configurationPath(root, serverName);
      const text = replicaUnit({
        serverName,
        serverPath: await serverPath(),
        configuration,
        folder,
      });
      const started = await bringUp(unitName(serverName), text, folderChanged);
      if (started) await check(replica, logCredentials(joinKey, record, nodeId, 'system'), clock);
    },

    async stop(serverName) {
      await runOrThrow(
        run,
        'systemd.failed',
        'systemctl',
        ['--no-ask-password', 'disable', '--now', unitName(serverName)],
        { timeoutMs: SYSTEMCTL_TIMEOUT_MS },
      );
    },
  };
}

/** The name says which version it is, and it appears whole or not at all: what is there is right. */
async function copyUnlessThere(from: string, to: string): Promise<void> {
  const isThere = await access(to).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const temporary = `${to}.tmp`;
  await copyFile(from, temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, to);
}

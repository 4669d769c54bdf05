import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupName, createCgroups } from './cgroups.ts';
import { exists } from './host.ts';
import { LabError } from './lab-error.ts';
import { machineFolder } from './machine-disk.ts';
import { bridge, namespacePath } from './network.ts';
import { artefactPath, checkout } from './settings.ts';

const BOOT_DEADLINE_MS = 60_000;
const POLL_MS = 25;

/** Starts the machine's systemd and returns once its containerd answers and it has its address. */
export async function startMachine(name: string): Promise<void> {
  const nspawn = await spawnNspawn(name);
  const deadlineAt = performance.now() + BOOT_DEADLINE_MS;
  while (performance.now() < deadlineAt) {
    if (!(await exists(`/proc/${nspawn}/ns`))) throw await bootFailure(name, 'did not start');
    const init = await systemdUnder(nspawn);
    if (init !== undefined && (await exists(`/proc/${init}/root/run/lab-ready`))) {
      await writeFile(initFile(name), String(init));
      return;
    }
    await sleep(POLL_MS);
  }
  throw await bootFailure(name, `was not up after ${BOOT_DEADLINE_MS / 1000} s`);
}

/** The host's process id of the machine's init; undefined when the machine is down. */
export async function initProcess(name: string): Promise<number | undefined> {
  const recorded = await readFile(initFile(name), 'utf8').catch(() => '');
  if (recorded === '') return undefined;
  const cgroups = await readFile(`/proc/${recorded}/cgroup`, 'utf8').catch(() => '');
  const mine =
    cgroups.includes(`/${cgroupName(name)}\n`) || cgroups.includes(`/${cgroupName(name)}/`);
  return mine && (await isInit(Number(recorded))) ? Number(recorded) : undefined;
}

/** Forgets a machine's init, which must be dead. */
export async function forgetProcess(name: string): Promise<void> {
  await rm(initFile(name), { force: true });
}

async function spawnNspawn(name: string): Promise<number> {
  // The shell enters every cgroup before nspawn makes a cgroup namespace of where it stands.
  const enter =
    'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';
  const cgroups = await createCgroups(name);
  const command = ['nsenter', `--net=${namespacePath}`, 'systemd-nspawn', ...nspawnArguments(name)];
  const log = openSync(join(machineFolder(name), 'console.log'), 'w');
  const child = spawn('sh', ['-c', enter, 'sh', ...cgroups, '--', ...command], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, SYSTEMD_NSPAWN_LOCK: '0' },
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new LabError(`${name} did not start: sh cannot be run`);
  return child.pid;
}

function nspawnArguments(name: string): readonly string[] {
  const disk = machineFolder(name);
  return [
    ...['--quiet', '--register=no', '--keep-unit', '--boot', '--console=pipe'],
    ...[`--directory=${disk}/root`, `--machine=${name}`, `--hostname=${name}`],
    ...[`--network-bridge=${bridge}`, '--resolv-conf=off', '--timezone=off', '--link-journal=no'],
    ...['--capability=all', '--system-call-filter=@keyring bpf @privileged @known'],
    // containerd's overlay snapshots cannot lie on an overlay, and etcd should find a plain disk.
    `--bind=${disk}/containerd:/var/lib/containerd`,
    `--bind=${disk}/kubelet:/var/lib/kubelet`,
    `--bind=${disk}/etcd:/var/lib/etcd`,
    '--bind=/dev/kmsg',
    // What machines run, and may not change.
    `--bind-ro=${artefactPath('bin')}:/opt/k8s`,
    `--bind-ro=${artefactPath('nats')}:/opt/nats`,
    `--bind-ro=${checkout}:/opt/civitas`,
    `--bind-ro=${process.execPath}:/opt/civitas-node/node`,
  ];
}

async function systemdUnder(nspawn: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').catch(
    () => '',
  );
  for (const child of children.split(' ').filter(Boolean).map(Number)) {
    if ((await isInit(child)) && (await exists(`/proc/${child}/root/run/systemd/system`)))
      return child;
  }
  return undefined;
}

// First process of a process-id namespace one level below ours, and not a zombie.
async function isInit(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^NSpid:\s+\d+\s+1$/m.test(status) && !/^State:\s+[ZX]/m.test(status);
}

async function bootFailure(name: string, what: string): Promise<LabError> {
  const log = join(machineFolder(name), 'console.log');
  const last = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-3).join(' | ');
  return new LabError(`${name} ${what}: read ${log}, which ends with "${last}"`);
}

function initFile(name: string): string {
  return join(machineFolder(name), 'init.pid');
}

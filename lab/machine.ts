import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { processesOf, removeCgroups } from './cgroups.ts';
import { LabError } from './lab-error.ts';
import { withLock } from './lock.ts';
import { destroyDisk, existingMachines, prepareDisk, refuseUnknown } from './machine-disk.ts';
import { forgetProcess, initProcess, startMachine } from './machine-process.ts';
import { ensureNetwork, removeNetwork, unplug } from './network.ts';
import { waitingFor } from './progress.ts';

const DEATH_ATTEMPTS = 250;
const DEATH_PAUSE_MS = 20;
const SH_TIMEOUT_MS = 120_000;
// What a shell says of a process that SIGKILL ended, as a power cut does.
const KILLED = 137;

/** What a command in a machine left behind. One that took too long has exit code 124, or 137 if it did not listen. */
export type CommandResult = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Boots machines, all at once; one that does not exist yet gets a new disk, one that runs is left alone. */
export async function up(names: readonly string[]): Promise<void> {
  await ensureNetwork();
  await waitingFor(`${names.join(' ')} to boot`, Promise.all(names.map(upOne)));
}

/** Boots machines that exist, with the disks they had. */
export async function boot(names: readonly string[]): Promise<void> {
  await refuseUnknown(names);
  await up(names);
}

/** Power cut: every process of all these machines dies at once, their disks stay. */
export async function kill(names: readonly string[]): Promise<void> {
  const inits = await Promise.all(names.map(initProcess));
  // The kernel ends a process-id namespace together with its first process.
  for (const init of inits) if (init !== undefined) signal(init);
  await waitingFor(`the last processes of ${names.join(' ')}`, Promise.all(names.map(clearAway)));
}

/** Power cut, and the disks are gone. */
export async function wipe(names: readonly string[]): Promise<void> {
  await kill(names);
  await waitingFor(`the disks of ${names.join(' ')} to go`, Promise.all(names.map(destroyDisk)));
}

/** Wipes every machine and removes the network. What was built stays. */
export async function purge(): Promise<void> {
  await wipe(await existingMachines());
  await removeNetwork();
}

/**
 * Runs a command in a machine, with kubectl set up for its admin.conf. Any exit code is a result;
 * a machine that is down is an error.
 */
export async function sh(
  name: string,
  argv: readonly string[],
  options: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<CommandResult> {
  // Bounded inside: nsenter forks, so what it runs would outlive a timeout out here.
  const seconds = String((options.timeoutMs ?? SH_TIMEOUT_MS) / 1000);
  const bounded = ['timeout', '--kill-after=2', seconds, ...argv];
  const [file, ...args] = await commandInside(name, bounded);
  const result = await execa(file, args, {
    input: options.input ?? '',
    reject: false,
  });
  return { exitCode: result.exitCode ?? KILLED, stdout: result.stdout, stderr: result.stderr };
}

/** The same with this process's own terminal; returns the exit code. */
export async function shInteractive(name: string, argv: readonly string[]): Promise<number> {
  const [file, ...args] = await commandInside(name, argv.length === 0 ? ['bash', '-l'] : argv);
  const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false });
  return exitCode ?? KILLED;
}

async function commandInside(
  name: string,
  argv: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const init = await initProcess(name);
  if (init === undefined) throw new LabError(`${name} is down: start it with \`lab up ${name}\``);
  const environment = [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/civitas-node:/opt/k8s/etcd',
    'HOME=/root',
    'LANG=C.UTF-8',
    'KUBECONFIG=/etc/kubernetes/admin.conf',
    `TERM=${process.env['TERM'] ?? 'dumb'}`,
  ];
  return ['nsenter', `--target=${init}`, '--all', '--', 'env', '-i', ...environment, ...argv];
}

async function upOne(name: string): Promise<void> {
  await withLock(name, async () => {
    if (await isUp(name)) return;
    await clearAway(name);
    await prepareDisk(name);
    await startMachine(name);
  });
}

/** True while the machine has power. */
export async function isUp(name: string): Promise<boolean> {
  return (await initProcess(name)) !== undefined;
}

async function clearAway(name: string): Promise<void> {
  for (let attempt = 0; (await processesOf(name)).length > 0; attempt += 1) {
    if (attempt === DEATH_ATTEMPTS)
      throw new LabError(`processes of ${name} do not die: see \`ps\``);
    for (const pid of await processesOf(name)) signal(pid);
    await sleep(DEATH_PAUSE_MS);
  }
  await forgetProcess(name);
  await unplug(name);
  await removeCgroups(name);
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended between being listed and being killed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { build } from './build/build.ts';
import { cluster } from './cluster.ts';
import { LabError } from './lab-error.ts';
import { logs } from './logs.ts';
import { boot, kill, purge, shInteractive, up, wipe } from './machine.ts';
import { existingMachines, refuseUnknown } from './machine-disk.ts';
import { machineNames } from './machine-name.ts';
import { cut, heal, isolate, rejoin } from './network.ts';
import { say, secondsSince } from './progress.ts';
import { kubernetesVersions } from './settings.ts';
import { status, statusTable } from './status.ts';

/** The lab's command line: one verb each for what a machine room does to machines. */
export function labProgram(): Command {
  const program = new Command('lab')
    .description('Real Kubernetes on machines made of one machine. Needs root, Debian and Go.')
    .exitOverride()
    .enablePositionalOptions()
    .hook('preAction', refuseWithoutRoot);
  addBuildVerbs(program);
  addPowerVerbs(program);
  addNetworkVerbs(program);
  addLookVerbs(program);
  return program;
}

function addBuildVerbs(program: Command): void {
  program
    .command('build')
    .description('build programs, machine image and image store, where they are not built yet')
    .action(() => build({ verbose: true }));
  program
    .command('up')
    .argument('<machines...>', 'a count (n1 … nCOUNT) or names')
    .description('boot machines; new ones are empty')
    .action((words: string[]) => upTimed(machineNames(words)));
  program
    .command('cluster')
    .argument('[nodes]', 'machines to boot', wholeNumber, 5)
    .option('--control-planes <count>', 'how many of them', wholeNumber, 3)
    .option('--kubernetes <version>', 'one that is built', kubernetesVersions[0])
    .description('boot machines, run the agent on each from one token, wait until all are Ready')
    .action(runCluster);
}

function addPowerVerbs(program: Command): void {
  const some = (verb: string, what: string, act: (names: readonly string[]) => Promise<void>) =>
    program
      .command(verb)
      .argument('<machines...>')
      .description(what)
      .action(async (words: string[]) => {
        const names = machineNames(words);
        await refuseUnknown(names);
        await act(names);
      });
  some('kill', 'power cut: all processes die at once, the disk stays', kill);
  some('boot', 'power on again after a kill', (names) => timed(boot, names));
  some('wipe', 'power cut, and the disk is gone', wipe);
  program
    .command('down')
    .description('power cut to all machines')
    .action(async () => kill(await existingMachines()));
  program
    .command('purge')
    .description('wipe all machines and remove their network; what was built stays')
    .action(purge);
}

function addNetworkVerbs(program: Command): void {
  const pair = (verb: string, what: string, act: (one: string, other: string) => Promise<void>) =>
    program.command(verb).argument('<one>').argument('<other>').description(what).action(act);
  const single = (verb: string, what: string, act: (machine: string) => Promise<void>) =>
    program.command(verb).argument('<machine>').description(what).action(act);
  pair('cut', 'drop every frame between two machines', (one, other) => cut(one, other));
  pair('heal', 'end a cut', (one, other) => heal(one, other));
  single('isolate', 'drop every frame between one machine and all others', (name) => isolate(name));
  single('rejoin', 'end an isolation', (name) => rejoin(name));
}

function addLookVerbs(program: Command): void {
  program
    .command('sh')
    .argument('<machine>')
    .argument('[command...]')
    .passThroughOptions()
    .description('run a command in a machine; without one, a shell')
    .action(async (name: string, command: string[]) => {
      process.exitCode = await shInteractive(name, command);
    });
  program
    .command('logs')
    .argument('<machine>')
    .option('-f, --follow', 'go on')
    .description("the agent's journal, of a machine that is down too")
    .action(async (name: string, options: { follow?: true }) => {
      process.exitCode = await logs(name, options.follow === true);
    });
  program
    .command('status')
    .addOption(new Option('-o, --output <format>').choices(['table', 'json']).default('table'))
    .description('every machine: state, memory, processes, disk, network')
    .action(async ({ output }: { output: string }) => {
      const machines = await status();
      const text =
        output === 'json' ? `${JSON.stringify(machines, null, 2)}\n` : statusTable(machines);
      process.stdout.write(text);
    });
}

async function upTimed(names: readonly string[]): Promise<void> {
  await build({ verbose: false });
  await timed(up, names);
}

async function timed(
  power: (names: readonly string[]) => Promise<void>,
  names: readonly string[],
): Promise<void> {
  const startedMs = performance.now();
  await power(names);
  say(`${names.join(' ')} up in ${secondsSince(startedMs)}`);
}

async function runCluster(
  nodes: number,
  options: { controlPlanes: number; kubernetes: string },
): Promise<void> {
  await build({ verbose: false });
  const seconds = await cluster({ nodes, ...options });
  say(`${nodes} nodes Ready in ${seconds.toFixed(1)} s`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number above zero, please.');
}

function refuseWithoutRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'the lab makes namespaces and mounts: run it as root, `sudo npm run lab -- …`',
  );
}

import { MANIFESTS } from '../paths.ts';
import { settle } from '../settle.ts';
import { readFile } from '../simulated-disk.ts';
import {
  type ArmedFailure,
  kubernetesVersions,
  type PoweredHost,
  type SimulatedUnit,
} from '../simulated-host.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { record, type WorldState } from '../world-state.ts';
import { readConfiguration } from './configuration.ts';
import { KubeadmFailure, OperationEnded } from './failure.ts';
import { INIT_PHASES } from './init-phases.ts';
import { JOIN_PHASES } from './join-phases.ts';
import { RESET_PHASES } from './reset-phases.ts';
import { type KubeadmRun, type Phase, say, work } from './run.ts';

const WORKFLOWS: Readonly<Record<string, readonly Phase[]>> = {
  init: INIT_PHASES,
  join: JOIN_PHASES,
  reset: RESET_PHASES,
};

/**
 * Runs `kubeadm init|join|reset [phase NAME…] --config FILE` as the host's virtual files and the rest
 * of the world allow. Throws KubeadmFailure with what kubeadm prints, OperationEnded when killed.
 */
export async function runKubeadm(
  world: WorldState,
  host: PoweredHost,
  unit: SimulatedUnit,
): Promise<void> {
  const { words, configPath } = parseArguments(unit.argv.slice(1));
  const [workflow = '', ...rest] = words;
  const run = createRun(world, host, unit, configPath);
  if (workflow === 'config') return pullImages(run);

  const phases = WORKFLOWS[workflow];
  if (!phases) throw new KubeadmFailure(`unknown command "${workflow}" for "kubeadm"`);
  const only = rest[0] === 'phase' ? rest.slice(1).join('/') : undefined;
  const skipped = (run.configuration.join ?? run.configuration.init).skipPhases;
  for (const phase of phases) {
    if (only === undefined ? isNamedBy(phase, skipped) : !isNamedBy(phase, [only])) continue;
    await runPhase(run, phase);
  }
}

async function runPhase(run: KubeadmRun, phase: Phase): Promise<void> {
  const { world, host, unit } = run;
  if (phase.appliesTo?.(run) === false) return;
  record(world, host.name, 'phase.started', `${unit.name} ${phase.name}`);
  try {
    await work(run, phase.takesMs);
    failIfArmed(host, phase, 'before');
    await phase.act(run);
    settle(world);
    failIfArmed(host, phase, 'after');
  } catch (error) {
    // Whatever a process meets after its end is of no consequence.
    if (unit.abort.signal.aborted) throw new OperationEnded();
    if (!(error instanceof KubeadmFailure)) throw error;
    throw new KubeadmFailure(`error execution phase ${phase.name}: ${error.message}`);
  }
  record(world, host.name, 'phase.finished', `${unit.name} ${phase.name}`);
  // A witness of the journal may have put an end to this process.
  await work(run, 0);
}

function failIfArmed(host: PoweredHost, phase: Phase, when: ArmedFailure['when']): void {
  const armed = host.armed.find((failure) => failure.phase === phase.name && failure.when === when);
  if (!armed) return;
  host.armed = host.armed.filter((failure) => failure !== armed);
  throw new KubeadmFailure(armed.text);
}

function createRun(
  world: WorldState,
  host: PoweredHost,
  unit: SimulatedUnit,
  configPath: string | undefined,
) {
  const kubeadmVersion = versionOf(host, unit.argv[0]);
  const text = configPath === undefined ? '' : readFile(host.disk, configPath);
  if (text === undefined) {
    throw new KubeadmFailure(
      `unable to read config from "${configPath}": open ${configPath}: no such file or directory`,
    );
  }
  const configuration = readConfiguration(text, kubeadmVersion);
  const { init, join } = configuration;
  const endpoint = join ? join.controlPlane?.localAPIEndpoint : init.localAPIEndpoint;
  const run: KubeadmRun = {
    world,
    host,
    unit,
    kubeadmVersion,
    configuration,
    nodeName: (join ?? init).nodeRegistration.name ?? host.name,
    advertiseAddress: endpoint?.advertiseAddress ?? host.address,
    discovery: undefined,
    foundManifestsFolder: host.disk.folders.has(MANIFESTS),
  };
  return run;
}

/** The version in the program's path where there is one, else the one installed. */
function versionOf(host: PoweredHost, program: string): string {
  return program.match(/v1\.\d+\.\d+/)?.[0] ?? kubernetesVersions(host)[0] ?? 'v0.0.0';
}

async function pullImages(run: KubeadmRun): Promise<void> {
  await work(run, PHASE_TIMINGS.imagePullMs);
  say(run, `[config/images] Pulled images of ${run.kubeadmVersion}`);
}

function parseArguments(argv: readonly string[]) {
  const words: string[] = [];
  let configPath: string | undefined;
  for (const [index, argument] of argv.entries()) {
    if (argument.startsWith('--config=')) configPath = argument.slice('--config='.length);
    else if (argv[index - 1] === '--config') configPath = argument;
    else if (!argument.startsWith('-')) words.push(argument);
  }
  return { words, configPath };
}

function isNamedBy({ name }: Phase, names: readonly string[]): boolean {
  return names.some((other) => name === other || name.startsWith(`${other}/`));
}

import { kubernetesAt, linkedVersion } from '../kubernetes-binaries.ts';
import { MANIFESTS } from '../paths.ts';
import { nodeNameOf } from '../rules/node-name.ts';
import { settle } from '../settle.ts';
import { readFile } from '../simulated-disk.ts';
import type { ArmedFailure, PoweredHost, SimulatedUnit } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { type KubeadmArguments, parseArguments } from './arguments.ts';
import { checkExpiration, renewCertificates } from './certs-commands.ts';
import { readConfiguration } from './configuration.ts';
import { renderManifests } from './dry-run.ts';
import { KubeadmFailure, OperationEnded } from './failure.ts';
import { listImages, pullImages } from './images.ts';
import { INIT_PHASES } from './init-phases.ts';
import { JOIN_PHASES } from './join-phases.ts';
import { RESET_PHASES } from './reset-phases.ts';
import { type KubeadmRun, type Phase, work } from './run.ts';
import { UPGRADE_APPLY_PHASES, UPGRADE_NODE_PHASES } from './upgrade/phases.ts';
import { prepareUpgrade } from './upgrade/prepare.ts';

const WORKFLOWS: Readonly<Record<string, readonly Phase[]>> = {
  init: INIT_PHASES,
  join: JOIN_PHASES,
  reset: RESET_PHASES,
  'upgrade apply': UPGRADE_APPLY_PHASES,
  'upgrade node': UPGRADE_NODE_PHASES,
};

/** What runs without phases. */
const COMMANDS: Readonly<Record<string, (run: KubeadmRun) => void | Promise<void>>> = {
  'config images list': listImages,
  'config images pull': pullImages,
  'certs renew': renewCertificates,
  'certs check-expiration': checkExpiration,
};

/**
 * Runs `kubeadm init|join|reset|upgrade apply|upgrade node [phase NAME…]`, `kubeadm certs …` or
 * `kubeadm config images list|pull` as the host's virtual files and the rest of the world allow. Throws
 * KubeadmFailure with what kubeadm prints, OperationEnded when killed.
 */
export async function runKubeadm(
  world: WorldState,
  host: PoweredHost,
  unit: SimulatedUnit,
): Promise<void> {
  const given = parseArguments(unit.argv.slice(1));
  const run = createRun(world, host, unit, given);
  const line = given.words.join(' ');
  if (line.startsWith('init phase') && given.flags.has('--dry-run')) return renderManifests(run);
  const command = Object.keys(COMMANDS).find((name) => line.startsWith(name));
  if (command !== undefined) {
    await COMMANDS[command]?.(run);
    settle(world);
    return;
  }
  const workflow = Object.keys(WORKFLOWS).find((name) => `${line} `.startsWith(`${name} `));
  if (workflow === undefined) {
    throw new KubeadmFailure(`unknown command "${given.words[0] ?? ''}" for "kubeadm"`);
  }
  const rest = given.words.slice(workflow.split(' ').length);
  if (workflow.startsWith('upgrade')) await prepareUpgrade(run, workflow, rest);
  await runPhases(run, WORKFLOWS[workflow] ?? [], rest);
}

async function runPhases(
  run: KubeadmRun,
  phases: readonly Phase[],
  rest: readonly string[],
): Promise<void> {
  const only =
    rest[0] === 'phase'
      ? rest
          .slice(1)
          .filter((word) => !/^v?1\.\d/.test(word))
          .join('/')
          .replace(/\/all$/, '')
      : undefined;
  const skipped = skippedPhases(run);
  for (const phase of phases) {
    if (only === undefined && phase.runsOnlyAlone) continue;
    if (only === undefined ? isNamedBy(phase, skipped) : !isNamedBy(phase, [only])) continue;
    await runPhase(run, phase);
  }
}

function skippedPhases(run: KubeadmRun): readonly string[] {
  const { join, init } = run.configuration;
  const told = run.arguments.flags.get('--skip-phases')?.split(',') ?? [];
  return [...(run.upgrade?.skipPhases ?? (join ?? init).skipPhases), ...told];
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
  given: KubeadmArguments,
): KubeadmRun {
  const kubeadmVersion = kubernetesAt(host, unit.argv[0]) ?? linkedVersion(host);
  const path = given.flags.get('--config');
  const text = path === undefined ? '' : readFile(host.disk, path);
  if (text === undefined) {
    throw new KubeadmFailure(
      `unable to read config from "${path}": open ${path}: no such file or directory`,
    );
  }
  const configuration = readConfiguration(text, kubeadmVersion);
  const { init, join } = configuration;
  const endpoint = join ? join.controlPlane?.localAPIEndpoint : init.localAPIEndpoint;
  return {
    world,
    host,
    unit,
    arguments: given,
    kubeadmVersion,
    configuration,
    nodeName: (join ?? init).nodeRegistration.name ?? nodeNameOf(host),
    advertiseAddress: endpoint?.advertiseAddress ?? host.address,
    discovery: undefined,
    upgrade: undefined,
    foundManifestsFolder: host.disk.folders.has(MANIFESTS),
  };
}

function isNamedBy({ name }: Phase, names: readonly string[]): boolean {
  return names.some((other) => name === other || name.startsWith(`${other}/`));
}

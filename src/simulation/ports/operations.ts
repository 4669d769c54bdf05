import { RetryableError, TerminalError } from '../../errors.ts';
import type { OperationState, Operations } from '../../ports/operations.ts';
import { SMALL_UNSYNCED_PATHS } from '../../state/kubernetes-paths.ts';
import { KubeadmFailure, OperationEnded } from '../kubeadm/failure.ts';
import { kubernetesAt } from '../kubernetes-binaries.ts';
import { minorOf } from '../kubernetes-releases.ts';
import type { SimulatedProgram } from '../programs/program.ts';
import { findProgram } from '../programs/programs.ts';
import { settle } from '../settle.ts';
import { syncBelow } from '../simulated-disk.ts';
import type { PoweredHost, SimulatedUnit } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const NAME = /^[a-z0-9-]{1,63}$/;
const MOST_OUTPUT = 8_192;
const FAILED = 1;
const SYNC_PERIOD_MS = 1_000;
const SYNCED_AT_THE_END = ['/etc', '/var/lib'];
/** 128 + SIGTERM, which systemd sends at a stop and after TimeoutStartSec. */
const TERMINATED = 143;

/** Transient units of one simulated host, with the few programs that civitas runs in them. */
export function simulatedOperations(world: WorldState, host: string): Operations {
  return {
    async announce(name) {
      const { announced } = powered(world, host).runtime;
      announced.add(checked(name));
    },

    async start(name, argv, timeoutSeconds) {
      const machine = powered(world, host);
      machine.runtime.announced.delete(checked(name));
      if (machine.runtime.units.has(name)) return;
      const program = findProgram(machine, argv[0]);
      if (!program) throw notStarted(name, argv[0]);
      const unit = createUnit(name, argv);
      machine.runtime.units.set(name, unit);
      record(world, host, 'operation.started', `${name}: ${argv.join(' ')}`);
      void execute(world, machine, unit, program);
      if (world.syncsBesideCommands) void syncMeanwhile(world, machine, unit);
      void expire(world, host, unit, timeoutSeconds);
    },

    async observe(name) {
      const { announced, units } = powered(world, host).runtime;
      return units.get(name)?.state ?? { phase: announced.has(name) ? 'announced' : 'absent' };
    },

    async forget(name) {
      const { announced, units } = powered(world, host).runtime;
      announced.delete(name);
      const unit = units.get(name);
      if (!unit) return;
      endUnit(world, host, unit, TERMINATED);
      units.delete(name);
      record(world, host, 'operation.forgotten', name);
    },
  };
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new TerminalError('operation.bad-name', `"${name}" can not name an operation`);
}

/** Ends a running unit from outside, by a signal or because its time is over. */
export function endUnit(
  world: WorldState,
  host: string,
  unit: SimulatedUnit,
  exitCode: number,
): void {
  if (unit.state.phase !== 'running') return;
  finish(world, host, unit, { phase: 'failed', exitCode, output: outputOf(unit) });
}

async function execute(
  world: WorldState,
  host: PoweredHost,
  unit: SimulatedUnit,
  program: SimulatedProgram,
): Promise<void> {
  try {
    // The caller of start() is answered before the program does anything.
    await Promise.resolve();
    const exitCode = await program(world, host, unit);
    if (unit.state.phase !== 'running') return;
    const output = outputOf(unit);
    const succeeded = exitCode === 0;
    if (succeeded) syncBelow(host.disk, SYNCED_AT_THE_END);
    const end = succeeded
      ? ({ phase: 'succeeded' } as const)
      : ({ phase: 'failed', exitCode } as const);
    finish(world, host.name, unit, { ...end, output });
  } catch (error) {
    if (error instanceof OperationEnded) return;
    if (!(error instanceof KubeadmFailure)) throw error;
    unit.output.push(
      `${beforeError(host, unit)}${error.message}`,
      'To see the stack trace of this error execute with --v=5 or higher',
    );
    endUnit(world, host.name, unit, FAILED);
  }
}

/** kubeadm marks its last word as an error since 1.34. */
function beforeError(host: PoweredHost, { argv }: SimulatedUnit): string {
  return minorOf(kubernetesAt(host, argv[0]) ?? '') < 34 ? '' : 'error: ';
}

/** As the shell around every command does; seconds of machines, whatever the speed of the world is. */
async function syncMeanwhile(
  world: WorldState,
  { disk }: PoweredHost,
  unit: SimulatedUnit,
): Promise<void> {
  const { signal } = unit.abort;
  while (!signal.aborted) {
    await world.clock.sleep(SYNC_PERIOD_MS / world.speed, signal);
    if (!signal.aborted) syncBelow(disk, SMALL_UNSYNCED_PATHS);
  }
}

async function expire(
  world: WorldState,
  host: string,
  unit: SimulatedUnit,
  timeoutSeconds: number,
) {
  await world.clock.sleep((timeoutSeconds * 1_000) / world.speed, unit.abort.signal);
  if (unit.state.phase === 'running') unit.output.push('stopped at its time limit');
  endUnit(world, host, unit, TERMINATED);
}

function finish(world: WorldState, host: string, unit: SimulatedUnit, state: OperationState): void {
  unit.state = state;
  unit.abort.abort();
  const outcome = state.phase === 'failed' ? `failed with ${state.exitCode}` : state.phase;
  record(world, host, 'operation.ended', `${unit.name}: ${outcome}`);
  settle(world);
}

/** systemd-run looks for the program itself, and makes no unit where it finds none. */
function notStarted(name: string, program: string): RetryableError {
  const reason = `Failed to find executable ${program}: No such file or directory`;
  const message = `systemd does not start civitas-op-${name}.service (${reason}): cure what it says.`;
  return new RetryableError('operation.not-started', message);
}

function createUnit(name: string, argv: readonly [string, ...string[]]): SimulatedUnit {
  return { name, argv, output: [], abort: new AbortController(), state: { phase: 'running' } };
}

function outputOf({ output }: SimulatedUnit): string {
  return output.join('\n').slice(-MOST_OUTPUT);
}

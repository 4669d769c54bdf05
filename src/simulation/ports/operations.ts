import { TerminalError } from '../../errors.ts';
import type { OperationState, Operations } from '../../ports/operations.ts';
import { runKubeadm } from '../kubeadm/command.ts';
import { KubeadmFailure, OperationEnded } from '../kubeadm/failure.ts';
import { settle } from '../settle.ts';
import type { PoweredHost, SimulatedUnit } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const NAME = /^[a-z0-9-]{1,63}$/;
const MOST_OUTPUT = 8_192;
const FAILED = 1;
/** systemd's status for a program it can not execute. */
const NOT_FOUND = 203;
/** 128 + SIGTERM, which systemd sends at a stop and after RuntimeMaxSec. */
const TERMINATED = 143;

/** Transient units of one simulated host; the only program they know is kubeadm. */
export function simulatedOperations(world: WorldState, host: string): Operations {
  return {
    async start(name, argv, timeoutSeconds) {
      const machine = powered(world, host);
      if (!NAME.test(name)) {
        throw new TerminalError('operation.bad-name', `"${name}" can not name an operation`);
      }
      if (machine.runtime.units.has(name)) return;
      const unit = createUnit(name, argv);
      machine.runtime.units.set(name, unit);
      record(world, host, 'operation.started', `${name}: ${argv.join(' ')}`);
      void execute(world, machine, unit);
      void expire(world, host, unit, timeoutSeconds);
    },

    async observe(name) {
      return powered(world, host).runtime.units.get(name)?.state ?? { phase: 'absent' };
    },

    async forget(name) {
      const { units } = powered(world, host).runtime;
      const unit = units.get(name);
      if (!unit) return;
      endUnit(world, host, unit, TERMINATED);
      units.delete(name);
      record(world, host, 'operation.forgotten', name);
    },
  };
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

async function execute(world: WorldState, host: PoweredHost, unit: SimulatedUnit): Promise<void> {
  try {
    // The caller of start() is answered before the program does anything.
    await Promise.resolve();
    const program = unit.argv[0].split('/').at(-1);
    if (program !== 'kubeadm') {
      unit.output.push(`Failed to locate executable ${unit.argv[0]}: No such file or directory`);
      return endUnit(world, host.name, unit, NOT_FOUND);
    }
    await runKubeadm(world, host, unit);
    if (unit.state.phase !== 'running') return;
    finish(world, host.name, unit, { phase: 'succeeded', output: outputOf(unit) });
  } catch (error) {
    if (error instanceof OperationEnded) return;
    if (!(error instanceof KubeadmFailure)) throw error;
    unit.output.push(
      `error: ${error.message}`,
      'To see the stack trace of this error execute with --v=5 or higher',
    );
    endUnit(world, host.name, unit, FAILED);
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

function createUnit(name: string, argv: readonly [string, ...string[]]): SimulatedUnit {
  return { name, argv, output: [], abort: new AbortController(), state: { phase: 'running' } };
}

function outputOf({ output }: SimulatedUnit): string {
  return output.join('\n').slice(-MOST_OUTPUT);
}

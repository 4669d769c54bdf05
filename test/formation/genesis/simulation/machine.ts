import type { Acceptor } from '../../../../src/formation/genesis/acceptor.ts';
import type { GenesisConfig } from '../../../../src/formation/genesis/config.ts';
import type { Peer } from '../../../../src/formation/genesis/input.ts';
import type { GenesisState } from '../../../../src/formation/genesis/state.ts';
import { genesisConfig, type Value } from '../genesis-config.ts';
import type { Plan } from './plan.ts';

/** One simulated host with its agent. */
export interface Machine {
  readonly config: GenesisConfig<Value>;
  /** What discovery told it, kept over restarts. */
  readonly knows: Set<Machine>;
  disk: Acceptor<Value> | null;
  /** Null while the process is down. */
  genesis: GenesisState<Value> | null;
  /** Counts the starts of the process, so that nothing planned for one reaches the next. */
  lives: number;
  pausedUntilMs: number;
  part: number;
  isDeaf: boolean;
  isGone: boolean;
}

export function newMachines(plan: Plan): readonly Machine[] {
  const machines = Array.from({ length: plan.nodes }, (_, index) => newMachine(plan, index));
  const known = plan.meetFirst ? machines : [];
  for (const { knows } of machines) for (const other of known) knows.add(other);
  return machines;
}

function newMachine({ expectedNodes, timings }: Plan, index: number): Machine {
  return {
    config: genesisConfig(`n${String(index + 1).padStart(2, '0')}`, expectedNodes, { timings }),
    knows: new Set<Machine>(),
    disk: null,
    genesis: null,
    lives: 0,
    pausedUntilMs: 0,
    part: 0,
    isDeaf: false,
    isGone: false,
  };
}

export function hears(from: Machine, to: Machine): boolean {
  return from.part === to.part && !to.isDeaf;
}

/** A round of hellos: everybody who answers is met, and tells whom it knows. */
export function meet(machine: Machine, machines: readonly Machine[], nowMs: number): Peer[] {
  const answering = machines.filter((other) => answers(machine, other, nowMs));
  for (const other of answering) {
    machine.knows.add(other);
    for (const third of other.knows) machine.knows.add(third);
  }
  return [...machine.knows].map((other) => {
    const reachable = answering.includes(other);
    const formed = reachable && other.disk !== null && other.disk.formed !== null;
    return { nodeId: other.config.nodeId, reachable, formed };
  });
}

export function namesKnownTo({ knows }: Machine): ReadonlySet<string> {
  return new Set([...knows].map((other) => other.config.nodeId));
}

function answers(asking: Machine, other: Machine, nowMs: number): boolean {
  const isAwake = other.genesis !== null && other.pausedUntilMs <= nowMs;
  return isAwake && hears(asking, other) && hears(other, asking);
}

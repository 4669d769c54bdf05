import type { Effect } from '../../../../src/formation/genesis/effect.ts';
import type { Happening, Input } from '../../../../src/formation/genesis/input.ts';
import type { Message } from '../../../../src/formation/genesis/message.ts';
import { paxosRules, type Rules } from '../../../../src/formation/genesis/rules.ts';
import { type GenesisState, startGenesis } from '../../../../src/formation/genesis/state.ts';
import { step } from '../../../../src/formation/genesis/step.ts';
import type { Value } from '../genesis-config.ts';
import { brokenBy, contradiction } from '../invariants.ts';
import { seededRandom } from '../seeded-random.ts';
import { createAgenda } from './agenda.ts';
import { createBallotBook } from './ballot-book.ts';
import { hears, type Machine, meet, namesKnownTo, newMachines } from './machine.ts';
import { FAULTS_END_MS, type Fault, type Plan } from './plan.ts';

const START_WITHIN_MS = 3_000;
const DOWN_MAX_MS = 3_000;
const CALM_DELAY_MS = 30;
const SLOW_RATE = 0.25;

/** A cluster in virtual time to which the plan happens. The same plan gives the same life. */
export function createSimulation(plan: Plan, rules: Rules = paxosRules) {
  const random = seededRandom(plan.seed);
  const agenda = createAgenda();
  const book = createBallotBook();
  const machines = newMachines(plan);
  const machineOf = new Map(machines.map((machine) => [machine.config.nodeId, machine]));
  let record: string | null = null;
  let violation: string | null = null;
  let hasFaults = true;

  function start() {
    for (const machine of machines) {
      agenda.after(plan.meetFirst ? 0 : random.between(0, START_WITHIN_MS), () => boot(machine));
    }
    for (const fault of plan.faults) agenda.after(fault.atMs, () => inflict(fault));
    agenda.after(FAULTS_END_MS, endFaults);
  }

  function boot(machine: Machine) {
    if (machine.genesis || machine.isGone) return;
    machine.genesis = startGenesis(machine.config, machine.disk, agenda.nowMs());
    machine.lives += 1;
    beat(machine, machine.lives);
  }

  function crash(machine: Machine, downMs: number) {
    machine.genesis = null;
    agenda.after(downMs, () => boot(machine));
  }

  function beat(machine: Machine, life: number) {
    if (!machine.genesis || machine.lives !== life) return;
    const pauseMs = machine.pausedUntilMs - agenda.nowMs();
    if (pauseMs > 0) return agenda.after(pauseMs, () => beat(machine, life));
    feed(machine, { type: 'knowledge', peers: meet(machine, machines, agenda.nowMs()) });
    feed(machine, { type: 'tick' });
    agenda.after(plan.heartbeatMs * (1 + random.fraction() / 4), () => beat(machine, life));
  }

  function receive(from: Machine, to: Machine, message: Message<Value>) {
    const pauseMs = to.pausedUntilMs - agenda.nowMs();
    if (pauseMs > 0) return agenda.after(pauseMs, () => receive(from, to, message));
    if (hears(from, to)) feed(to, { type: 'message', from: from.config.nodeId, message });
  }

  function feed(machine: Machine, happening: Happening<Value>) {
    if (!machine.genesis) return;
    const before: GenesisState<Value> = machine.genesis;
    const input: Input<Value> = { ...happening, nowMs: agenda.nowMs(), random: random.fraction() };
    const { state, effects } = step(machine.config, before, input, rules);
    machine.genesis = state;
    violation ??= brokenBy(before, state, effects);
    const isCut = hasFaults && random.chance(plan.midStepCrashRate);
    const performed = isCut ? random.between(0, effects.length) : effects.length;
    for (const effect of effects.slice(0, performed)) perform(machine, effect);
    if (performed < effects.length) crash(machine, random.between(1, DOWN_MAX_MS));
  }

  function perform(machine: Machine, effect: Effect<Value>) {
    if (effect.type === 'send') return transmit(machine, effect.to, effect.message);
    if (effect.type !== 'persist') return;
    machine.disk = effect.acceptor;
    book.note(machine.config.nodeId, effect.acceptor, () => namesKnownTo(machine));
    const formed = effect.acceptor.formed?.value.id ?? null;
    violation ??= contradiction(record, formed);
    record ??= formed;
  }

  function transmit(from: Machine, nodeId: string, message: Message<Value>) {
    const to = machineOf.get(nodeId) as Machine;
    const copies = random.chance(plan.duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (hasFaults && random.chance(plan.lossRate)) continue;
      agenda.after(drawDelay(), () => receive(from, to, message));
    }
  }

  function drawDelay(): number {
    const isSlow = hasFaults && random.chance(SLOW_RATE);
    return random.between(1, isSlow ? plan.delayMaxMs : CALM_DELAY_MS);
  }

  function inflict(fault: Fault) {
    switch (fault.type) {
      case 'crash':
        return crash(struck(fault.node), fault.downMs);
      case 'pause':
        struck(fault.node).pausedUntilMs = agenda.nowMs() + fault.pauseMs;
        return;
      case 'deafen':
        struck(fault.node).isDeaf = true;
        return;
      case 'partition':
        return divide(fault.parts);
      case 'heal':
        return heal();
    }
  }

  function struck(node: number): Machine {
    return machines[node] as Machine;
  }

  function divide(parts: readonly number[]) {
    for (const [index, machine] of machines.entries()) machine.part = parts[index] ?? 0;
  }

  function heal() {
    divide([]);
    for (const machine of machines) machine.isDeaf = false;
  }

  function endFaults() {
    hasFaults = false;
    heal();
    for (const [index, machine] of machines.entries()) {
      machine.pausedUntilMs = 0;
      machine.isGone = !plan.survivors.includes(index);
      if (machine.isGone) machine.genesis = null;
      boot(machine);
    }
  }

  return {
    start,
    nowMs: agenda.nowMs,
    runNext: agenda.runNext,
    record: () => record,
    violation: () => violation,
    haveAllFormed: () => machines.every(({ disk, isGone }) => isGone || disk?.formed),
    isExcused: () => book.isExcused(plan.expectedNodes),
  };
}

import type { Random } from '../../ports/random.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from './fault.ts';

/** Faults begin within this time of the run. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface DrawOptions extends Span {
  readonly nodes: number;
  /** Kinds that may be drawn at all. */
  readonly kinds: readonly FaultKind[];
  readonly mostFaults: number;
  readonly longestMs: number;
}

const AT_CALL_CHANCE = 0.25;
const IN_PHASE_CHANCE = 0.05;

/** Drawn by the seed alone, for runs that are as they would be without. */
const BY_SEED: readonly FaultKind[] = ['leave-withdrawn', 'kubeadm-edited'];
const DRAWN: readonly FaultKind[] = FAULT_KINDS.filter((kind) => !BY_SEED.includes(kind));

/** Swarm testing: each run may use only some kinds of faults, so that rare mixtures are common. */
export function drawKinds(random: Random): readonly FaultKind[] {
  const chance = 0.15 + random.number() * 0.6;
  const drawn = DRAWN.filter(() => random.number() < chance);
  return drawn.length > 0 ? drawn : DRAWN;
}

export function drawFaults(random: Random, options: DrawOptions): readonly Fault[] {
  const { nodes, kinds, mostFaults, fromMs, untilMs, longestMs } = options;
  const count = 1 + Math.floor(random.number() * mostFaults);
  const hosts = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  return Array.from({ length: count }, () => ({
    kind: drawKind(kinds, random),
    atMs: Math.round(fromMs + random.number() * (untilMs - fromMs)),
    lastsMs: Math.round(random.number() ** 2 * longestMs),
    hosts: someOf(hosts, random),
    amount: random.number(),
  })).sort((a, b) => a.atMs - b.atMs);
}

/** Where an agent or a machine dies matters more than when, so that is drawn more often than its share. */
function drawKind(kinds: readonly FaultKind[], random: Random): FaultKind {
  const roll = random.number();
  const drawn = kinds[Math.floor(random.number() * kinds.length)] ?? 'agent-killed';
  if (roll < AT_CALL_CHANCE) return 'agent-killed-at-call';
  const inPhase = roll < AT_CALL_CHANCE + IN_PHASE_CHANCE && kinds.includes('power-cut-in-phase');
  return inPhase ? 'power-cut-in-phase' : drawn;
}

/** At least one; often one or two, seldom all. */
function someOf(hosts: readonly string[], random: Random): readonly string[] {
  const rest = [...hosts];
  const count = Math.ceil(random.number() ** 2 * hosts.length) || 1;
  return Array.from({ length: count }, () => {
    const [host] = rest.splice(Math.floor(random.number() * rest.length), 1);
    return host ?? '';
  });
}

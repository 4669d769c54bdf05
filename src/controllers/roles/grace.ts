import type { Guard } from '../../state/decision-event.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { Situation } from './situation.ts';

/** How long it may still come back; 0: nobody waits for that. */
export function graceLeftMs(
  { wanted, deadForMs, wiped }: Situation,
  { node, leaving }: NodeFacts,
): number {
  if (leaving || wiped.has(node.nodeId)) return 0;
  const graceMs = wanted.replacement.graceSeconds * 1_000;
  return Math.max(0, graceMs - (deadForMs.get(node.nodeId) ?? 0));
}

/** Nobody who may come back loses its place. */
export function grace(situation: Situation, facts: NodeFacts): Guard {
  const passed = graceLeftMs(situation, facts) === 0;
  return { name: 'grace', passed, message: graceText(situation, facts, passed) };
}

function graceText(
  { wanted, wiped }: Situation,
  { node, leaving }: NodeFacts,
  passed: boolean,
): string {
  if (leaving) return 'people asked it to leave';
  if (wiped.has(node.nodeId)) return 'its disk is gone: the machine came back as another node';
  const limit = `the grace of ${wanted.replacement.graceSeconds} s (replacement.graceSeconds)`;
  return passed ? `it was lost for ${limit}` : `it may come back within ${limit}`;
}

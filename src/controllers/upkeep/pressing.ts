import { isPressing } from '../../state/leaf-life.ts';
import type { Rollout } from '../../state/rollout.ts';
import { agedLeaves } from './plan-renewal.ts';
import { renewedAt } from './plan-rollout.ts';
import type { World } from './world.ts';

/**
 * Whether a renewal may wait for nobody any more, neither for a word of people nor for a time of the day,
 * by clocks that agree.
 */
export function cannotWait({ action, steps }: Rollout, { nodes, observed }: World): boolean {
  const { wallMs, clockTrouble } = observed;
  if (action !== 'renew-certificates' || clockTrouble !== undefined) return false;
  const since = renewedAt(observed);
  const own = nodes.filter(({ nodeId }) => steps.some((step) => step.nodeId === nodeId));
  return own.some((node) =>
    agedLeaves(node, wallMs, since.get(node.nodeId)).some((leaf) => isPressing(leaf, wallMs)),
  );
}

import { z } from 'zod';
import { type NodeId, nodeIdSchema } from '../../state/node-id.ts';

/** Twice what a token may promise. A longer roll fits no message, so its genesis stands still. */
const MAX_ROLL = 2_000;

/** The nodes that somebody has ever heard of: sorted, nobody twice, never shrinking. */
export type Roll = readonly NodeId[];

export const rollSchema = z
  .array(nodeIdSchema)
  .min(1)
  .max(MAX_ROLL)
  .refine(isSortedSet, 'must be sorted and name nobody twice');

/** The union; `roll` itself when it already covers `others`. */
export function enrol(roll: Roll, others: readonly NodeId[]): Roll {
  if (covers(roll, others)) return roll;
  return [...new Set([...roll, ...others])].sort();
}

export function covers(roll: Roll, others: readonly NodeId[]): boolean {
  if (roll === others) return true;
  const known = new Set(roll);
  return others.every((nodeId) => known.has(nodeId));
}

function isSortedSet(nodeIds: readonly NodeId[]): boolean {
  return nodeIds.every((nodeId, index) => index === 0 || (nodeIds[index - 1] ?? '') < nodeId);
}

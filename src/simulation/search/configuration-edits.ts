import type { Span } from '../faults/draw-faults.ts';
import type { Fault } from '../faults/fault.ts';
import { createSeededRandom } from '../seeded-random.ts';

/** One run in so many, and which of them: none that has to be quiet soon after, as an edit goes from node to node. */
const SHARE = 6;
const TURN = 1;
/** So that these draws have nothing to do with those of the run itself. */
const SALT = 15_485_863;
const MOST_EDITS = 3;

/**
 * In some runs people edit `spec.kubeadm` while everything else happens. By the seed alone, so that all
 * other faults are drawn as if nobody did.
 */
export function configurationEdits(seed: number, { fromMs, untilMs }: Span): readonly Fault[] {
  if (seed % SHARE !== TURN) return [];
  const random = createSeededRandom(seed + SALT);
  const count = 1 + Math.floor(random.number() * MOST_EDITS);
  return Array.from({ length: count }, () => ({
    kind: 'kubeadm-edited' as const,
    atMs: Math.round(fromMs + random.number() * (untilMs - fromMs)),
    lastsMs: 0,
    hosts: [],
    amount: random.number(),
  })).toSorted((a, b) => a.atMs - b.atMs);
}

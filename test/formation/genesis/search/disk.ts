import type { Effect } from '../../../../src/formation/genesis/effect.ts';
import type { Value } from '../genesis-config.ts';

/** What the driver does with `persist`; only the first is right. */
export type Disk = 'persists-first' | 'persists-last' | 'forgets';

export function inOrderOf(disk: Disk, effects: readonly Effect<Value>[]): readonly Effect<Value>[] {
  if (disk !== 'persists-last') return effects;
  const isWrite = (effect: Effect<Value>) => effect.type === 'persist';
  return [...effects.filter((effect) => !isWrite(effect)), ...effects.filter(isWrite)];
}

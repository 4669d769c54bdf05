import type { Effect } from '../../../src/formation/genesis/effect.ts';
import type { GenesisState } from '../../../src/formation/genesis/state.ts';
import type { Value } from './genesis-config.ts';

/** What must hold of every single step; null, or the rule that the step broke. */
export function brokenBy(
  before: GenesisState<Value>,
  after: GenesisState<Value>,
  effects: readonly Effect<Value>[],
): string | null {
  const { formed } = before.acceptor;
  if (formed === null) return null;
  if (after.acceptor.formed?.value.id !== formed.value.id)
    return 'a formed node changed its record';
  const speaksOtherwise = effects.some(
    (effect) => effect.type === 'send' && effect.message.type !== 'formed',
  );
  return speaksOtherwise ? 'a formed node took part in genesis' : null;
}

/** At most one record, whoever announces it. */
export function contradiction(known: string | null, announced: string | null): string | null {
  if (known === null || announced === null || known === announced) return null;
  return `two genesis records: ${known} and ${announced}`;
}

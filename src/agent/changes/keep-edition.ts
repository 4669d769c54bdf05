import type { Entry } from '../../state/kinds.ts';
import type { ChangePorts } from './change-ports.ts';
import { isConflict } from './is-conflict.ts';

/** How many of the specs that were replaced can be shown. */
const MOST_EDITIONS = 50;
/** More than come at once, so that any surplus shrinks. */
const REMOVED_AT_ONCE = 5;

/**
 * Keeps the present spec under its revision, before another takes its place; the oldest beyond 50 go.
 */
export async function keepEdition(
  ports: ChangePorts,
  { value: spec, revision }: Entry<'spec'>,
): Promise<void> {
  const { clock, store } = ports;
  const key = String(revision);
  const replacedWallMs = Math.round(clock.wallMs());
  // One is there already where an edit ended between both writes.
  const standing = store.get('edition', key)?.revision ?? 0;
  const writing = store.put('edition', key, { revision, spec, replacedWallMs }, standing);
  await writing.catch(refuseUnlessConflict);
  await forgetOldest(ports);
}

async function forgetOldest({ store }: ChangePorts): Promise<void> {
  const editions = store.list('edition').toSorted((a, b) => a.value.revision - b.value.revision);
  const surplus = Math.min(Math.max(0, editions.length - MOST_EDITIONS), REMOVED_AT_ONCE);
  for (const { key, revision } of editions.slice(0, surplus)) {
    await store.remove('edition', key, revision).catch(refuseUnlessConflict);
  }
}

/** Somebody else keeps or forgets the same one at this moment; a revision has one spec only. */
function refuseUnlessConflict(error: unknown): void {
  if (!isConflict(error)) throw error;
}

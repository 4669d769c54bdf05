import { parseEntryPath } from '../state/keys.ts';
import type { Kind } from '../state/kinds.ts';
import type { Problem } from '../state/log-copy.ts';
import type { RegisteredController } from './registered-controller.ts';

/** Why an agent holds still. */
export type Freeze =
  /** It runs from the copied disk of a node that lives: it does nothing at all. */
  | { readonly type: 'copy' }
  /** Its log holds what this version can not read (S25): of these kinds, and perhaps of others unknown to it. */
  | { readonly type: 'unread'; readonly kinds: ReadonlySet<Kind> };

export function freezeOf(isCopy: boolean, problems: readonly Problem[]): Freeze | undefined {
  if (isCopy) return { type: 'copy' };
  if (problems.length === 0) return undefined;
  const kinds = problems.flatMap(({ path }) => parseEntryPath(path)?.kind ?? []);
  return { type: 'unread', kinds: new Set(kinds) };
}

/**
 * Types of actions that a controller may carry out all the same. None where one of its own inputs is
 * among what can not be read: then it does not know what is wanted.
 */
export function actionsDespite(
  freeze: Freeze,
  { inputs, despiteUnread }: Pick<RegisteredController, 'inputs' | 'despiteUnread'>,
): readonly string[] {
  const isBlind = freeze.type === 'copy' || inputs.some((kind) => freeze.kinds.has(kind));
  return isBlind ? [] : despiteUnread;
}

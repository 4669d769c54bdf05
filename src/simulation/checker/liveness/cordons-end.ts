import type { TraceEntry } from '../../trace/entry.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { orderOf } from '../known/orders.ts';
import { isCalmFor, moment } from '../known/questions.ts';
import { invariant } from '../rule.ts';

/** A new sponsor looks around within ten seconds, and asks an API server that may just have started. */
const WITHIN_MS = 60_000;

/** Nodes that were cordoned for an order, with the moment since when none asks for it; null: one does. */
type State = ReadonlyMap<string, number | null>;

const initial: State = new Map();

export const cordonsEnd = invariant({
  id: 'L12',
  title: 'Cordons end with their order',
  rule: 'A node that was cordoned for an order takes pods again within a minute of the end of that order, or of what else was wrong.',
  hears: 'everything',
  initial,
  step(former, entry, known) {
    const state = next(former, entry, known);
    if (state.size === 0 || !isCalmFor(known, WITHIN_MS, entry.atMs)) return { state };
    const late = [...state].find(([, sinceMs]) => {
      return sinceMs !== null && entry.atMs - sinceMs > WITHIN_MS;
    });
    if (!late) return { state };
    const [host, sinceMs] = late;
    const broken = `${host} is cordoned at ${moment(entry.atMs)}, and no order asks for that since ${moment(sinceMs ?? 0)}`;
    return { state, broken };
  },
});

function next(state: State, entry: TraceEntry, known: Known): State {
  if (entry.type === 'log.committed' && entry.kind === 'order') {
    return state.size === 0 ? state : judged(state, entry.atMs, known, entry);
  }
  if (entry.type !== 'world') return state;
  if (entry.event === 'node.cordoned') return cordoned(state, entry.detail, known);
  const isOver = entry.event === 'node.uncordoned' || entry.event === 'node.deleted';
  return isOver ? without(state, entry.detail) : state;
}

function cordoned(state: State, host: string, known: Known): State {
  return orderOf(known, host) === undefined ? state : changed(state, host, null);
}

/** An order that was taken back, or given, since: `known` is what was before it. */
function judged(
  state: State,
  atMs: number,
  { hosts }: Known,
  { key, value }: { readonly key: string; readonly value: unknown },
): State {
  const host = hosts.get(key) ?? key;
  const sinceMs = state.get(host);
  if (sinceMs === undefined) return state;
  return changed(state, host, value === null ? (sinceMs ?? atMs) : null);
}

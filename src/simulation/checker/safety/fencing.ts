import type { Assignment } from '../../../state/assignment.ts';
import type { Operation } from '../../../state/operation.ts';
import { parseCommand, parseUnitName } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { moment, operationOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** The highest term in which each operation was asked for, and which each node followed. */
  readonly asked: ReadonlyMap<string, number>;
  readonly followed: ReadonlyMap<string, number>;
  /** Asked for only by a leader that was deposed when its write arrived: to be obeyed by nobody. */
  readonly late: ReadonlyMap<string, number>;
  /** The newest term that somebody began. */
  readonly term: number;
  readonly log: string;
}

const initial: State = {
  asked: new Map(),
  followed: new Map(),
  late: new Map(),
  term: 0,
  log: '',
};

/** Terms are revisions of one log, so a new log begins with none. */
export const fencing = invariant({
  id: 'S10',
  title: 'Former leaders are fenced',
  rule: 'No host starts a command that was asked for after its leader was deposed, or in a term below one that it followed before.',
  hears: ['log.committed', 'world'],
  initial,
  step(state, entry, known) {
    if (entry.type === 'log.committed') return { state: afterCommit(state, entry) };
    if (entry.event === 'disk.wiped') return { state: forgetting(state, entry.host, known) };
    if (entry.event !== 'operation.started') return { state };
    return { state, broken: staleCommand(state, entry, known) };
  },
});

function afterCommit(former: State, entry: Of<'log.committed'>): State {
  const { log, kind, key, revision, value, by } = entry;
  const state = log === former.log ? former : { ...initial, log };
  if (value === null) return state;
  if (kind === 'leadership') return { ...state, term: revision };
  if (kind === 'operation') {
    const { nodeId, term } = value as Operation;
    return { ...state, followed: raised(state.followed, nodeId, term) };
  }
  if (kind !== 'assignment') return state;
  const { operationId, term } = value as Assignment;
  const asked = raised(state.asked, `${key} ${operationId}`, term);
  // What an outsider wrote may be no assignment at all: S25 is about that.
  const inTime = by === null || term >= state.term;
  const late = inTime
    ? without(state.late, `${key} ${operationId}`)
    : changed(state.late, `${key} ${operationId}`, state.term);
  return { ...state, asked, late };
}

function staleCommand(state: State, { host, detail, atMs }: Of<'world'>, known: Known) {
  const { unit } = parseCommand(detail);
  const name = parseUnitName(unit);
  const operation = name && operationOf(known, host, name.operation)?.value;
  if (!operation) return undefined;
  const { nodeId, operationId } = operation;
  const lateIn = state.late.get(`${nodeId} ${operationId}`);
  if (lateIn !== undefined) {
    return `${host} started ${unit} at ${moment(atMs)}, which was asked for after term ${lateIn} had begun`;
  }
  const asked = state.asked.get(`${nodeId} ${operationId}`) ?? 0;
  const followed = state.followed.get(nodeId) ?? 0;
  if (asked >= followed) return undefined;
  return `${host} started ${unit} of term ${asked} at ${moment(atMs)}, and had followed term ${followed}`;
}

function forgetting(state: State, host: string, { nodeIds }: Known): State {
  return { ...state, followed: without(state.followed, nodeIds.get(host) ?? '') };
}

function raised(
  terms: ReadonlyMap<string, number>,
  key: string,
  term: number,
): ReadonlyMap<string, number> {
  return term > (terms.get(key) ?? 0) ? changed(terms, key, term) : terms;
}

import { changed } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant } from '../rule.ts';

const WINDOW_MS = 60_000;
const MOST_WRITES = 60;

interface Window {
  readonly sinceMs: number;
  readonly writes: number;
}

/** By log and key. */
type State = ReadonlyMap<string, Window>;

const initial: State = new Map();

/** Whoever writes one key again and again waits for nothing, and gets nowhere. */
export const noBusyLoop = invariant({
  id: 'L12',
  title: 'Nothing spins',
  rule: 'No key of the log is written more than sixty times within a minute.',
  hears: ['log.committed'],
  initial,
  step(state, { log, kind, key, atMs }) {
    const id = `${log} ${kind} ${key}`;
    const window = state.get(id);
    const isOpen = window !== undefined && atMs - window.sinceMs < WINDOW_MS;
    const next = isOpen ? { ...window, writes: window.writes + 1 } : { sinceMs: atMs, writes: 1 };
    const broken = `${kind} ${key} was written ${next.writes} times between ${moment(next.sinceMs)} and ${moment(atMs)}`;
    return {
      state: changed(state, id, next),
      broken: next.writes > MOST_WRITES ? broken : undefined,
    };
  },
});

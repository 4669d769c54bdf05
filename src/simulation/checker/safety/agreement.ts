import { entryPath } from '../../../state/keys.ts';
import { changed, without } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';
import { type Revisions, revisionAt, withRevision } from './revisions.ts';

interface LogHistory {
  readonly last: number;
  readonly revisions: Revisions;
  /** The newest revision of each key that somebody was promised. */
  readonly acknowledged: ReadonlyMap<string, number>;
}

/** A chain of what an agent heard, newest first: far too much to copy a map for each delivery. */
interface Delivery {
  readonly path: string;
  readonly revision: number;
  readonly before: Delivery | undefined;
}

/** The copy of an agent. */
interface Copy {
  /** The newest revision of each key when it had last caught up. */
  readonly caughtUp: ReadonlyMap<string, number>;
  readonly since: Delivery | undefined;
}

interface State {
  /** By name. */
  readonly logs: ReadonlyMap<string, LogHistory>;
  /** By host. */
  readonly copies: ReadonlyMap<string, Copy>;
}

const initial: State = { logs: new Map(), copies: new Map() };
const EMPTY_LOG: LogHistory = { last: 0, revisions: new Map(), acknowledged: new Map() };
const EMPTY_COPY: Copy = { caughtUp: new Map(), since: undefined };

/** Every copy of the log is compared with the first that was seen to hold the same revision. */
export const agreement = invariant({
  id: 'S9',
  title: 'All copies agree',
  rule: 'One revision has one content on all hosts, revisions only grow, and a copy that has caught up lacks nothing that was acknowledged.',
  hears: ['log.committed', 'log.acknowledged', 'log.delivered', 'log.synced', 'agent.started'],
  initial,
  step(state, entry) {
    switch (entry.type) {
      case 'log.committed':
        return afterCommit(state, entry);
      case 'log.acknowledged':
        return afterAcknowledgement(state, entry);
      case 'log.delivered':
        return afterDelivery(state, entry);
      case 'log.synced':
        return afterSync(state, entry);
      case 'agent.started':
        return { state: { ...state, copies: without(state.copies, entry.host) } };
    }
  },
});

function afterCommit(state: State, entry: Of<'log.committed'>) {
  const { log, kind, key, revision, atMs } = entry;
  const history = state.logs.get(log) ?? EMPTY_LOG;
  const { last } = history;
  const committed = { path: entryPath(kind, key), held: undefined };
  const revisions = withRevision(history.revisions, revision, committed);
  const next = withLog(state, log, { ...history, last: revision, revisions });
  if (revision > last) return { state: next };
  const broken = `${kind} ${key} was committed as revision ${revision} at ${moment(atMs)}, after revision ${last}`;
  return { state: next, broken };
}

function afterAcknowledgement(state: State, entry: Of<'log.acknowledged'>) {
  const { log, kind, key, revision, host, atMs } = entry;
  const path = entryPath(kind, key);
  const history = state.logs.get(log) ?? EMPTY_LOG;
  if (revisionAt(history.revisions, revision)?.path !== path) {
    const broken = `${host} was told at ${moment(atMs)} that ${kind} ${key} is revision ${revision}, which the log never held`;
    return { state, broken };
  }
  const newest = Math.max(history.acknowledged.get(path) ?? 0, revision);
  const acknowledged = changed(history.acknowledged, path, newest);
  return { state: withLog(state, log, { ...history, acknowledged }) };
}

function afterDelivery(state: State, entry: Of<'log.delivered'>) {
  const { log, path, revision, digest, host, atMs } = entry;
  const history = state.logs.get(log) ?? EMPTY_LOG;
  const known = revisionAt(history.revisions, revision);
  if (known?.path !== path) {
    const broken = `${host} holds revision ${revision} of ${path} at ${moment(atMs)}, which the log never held`;
    return { state, broken };
  }
  const { held = { host, digest } } = known;
  if (held.digest !== digest) {
    const broken = `${host} holds ${digest} as revision ${revision} of ${path} at ${moment(atMs)}, and ${held.host} holds ${held.digest}`;
    return { state, broken };
  }
  const heard = withDelivery(state, host, path, revision);
  if (known.held) return { state: heard };
  const revisions = withRevision(history.revisions, revision, { path, held });
  return { state: withLog(heard, log, { ...history, revisions }) };
}

function withLog(state: State, log: string, history: LogHistory): State {
  return { ...state, logs: changed(state.logs, log, history) };
}

function withDelivery(state: State, host: string, path: string, revision: number): State {
  const copy = state.copies.get(host) ?? EMPTY_COPY;
  const since: Delivery = { path, revision, before: copy.since };
  return { ...state, copies: changed(state.copies, host, { ...copy, since }) };
}

function afterSync(state: State, entry: Of<'log.synced'>) {
  const caughtUp = newestOf(state.copies.get(entry.host) ?? EMPTY_COPY);
  const copies = changed(state.copies, entry.host, { caughtUp, since: undefined });
  return { state: { ...state, copies }, broken: missing(state, caughtUp, entry) };
}

function newestOf({ caughtUp, since }: Copy): ReadonlyMap<string, number> {
  const newest = new Map(caughtUp);
  for (let delivery = since; delivery; delivery = delivery.before) {
    const { path, revision } = delivery;
    newest.set(path, Math.max(revision, newest.get(path) ?? 0));
  }
  return newest;
}

function missing(
  { logs }: State,
  caughtUp: ReadonlyMap<string, number>,
  { log, host, revision, atMs }: Of<'log.synced'>,
): string | undefined {
  for (const [path, acknowledged] of logs.get(log)?.acknowledged ?? []) {
    const holds = caughtUp.get(path) ?? 0;
    if (acknowledged > revision || holds >= acknowledged) continue;
    return `${host} has caught up at ${moment(atMs)} and holds revision ${holds} of ${path}, where ${acknowledged} was acknowledged`;
  }
  return undefined;
}

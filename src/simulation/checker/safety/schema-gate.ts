import { entryPath, parseEntryPath } from '../../../state/keys.ts';
import { kindSchemas } from '../../../state/kinds.ts';
import type { Known } from '../known/known.ts';
import { changed, withMember, without } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** A pass that was under way when the entry came may end. */
const PASS_MS = 1_000;
/** What an agent keeps for itself is no act. */
const OWN_STATE = /^durable\./;

interface State {
  /** Entries that this version can not read: `<path> <revision>`. */
  readonly unreadable: ReadonlySet<string>;
  /** Since when each host has held one, and which. */
  readonly gated: ReadonlyMap<string, { readonly path: string; readonly sinceMs: number }>;
}

const initial: State = { unreadable: new Set(), gated: new Map() };

export const schemaGate = invariant({
  id: 'S25',
  title: 'What is too new stops an agent',
  rule: 'An agent whose copy of the log holds an entry that it can not read does nothing until that entry is gone.',
  hears: ['log.committed', 'log.delivered', 'agent.started', 'agent.called'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return { state: afterCommit(state, entry) };
      case 'log.delivered':
        return { state: afterDelivery(state, entry) };
      case 'agent.started':
        return { state: { ...state, gated: without(state.gated, entry.host) } };
      case 'agent.called':
        return { state, broken: gatedAct(state, entry, known) };
    }
  },
});

/** Agents of one version write only what all of them read: a stranger is somebody else. */
function afterCommit(state: State, entry: Of<'log.committed'>): State {
  const { kind, key, revision, value, by } = entry;
  if (by !== null || value === null || isReadable(kind, value)) return state;
  const name = `${entryPath(kind, key)} ${revision}`;
  return { ...state, unreadable: withMember(state.unreadable, name) };
}

function isReadable(kind: string, value: unknown): boolean {
  // The recorder has the kind from the path, whoever wrote there.
  if (!Object.hasOwn(kindSchemas, kind)) return false;
  return kindSchemas[kind as keyof typeof kindSchemas].safeParse(value).success;
}

function afterDelivery(state: State, entry: Of<'log.delivered'>): State {
  const { host, path, revision, atMs } = entry;
  const isForeign = parseEntryPath(path) === undefined;
  if (isForeign || state.unreadable.has(`${path} ${revision}`)) {
    const sinceMs = state.gated.get(host)?.sinceMs ?? atMs;
    return { ...state, gated: changed(state.gated, host, { path, sinceMs }) };
  }
  const isCured = state.gated.get(host)?.path === path;
  return isCured ? { ...state, gated: without(state.gated, host) } : state;
}

function gatedAct(state: State, { host, call, args, atMs }: Of<'agent.called'>, { agents }: Known) {
  const gate = state.gated.get(host);
  if (gate === undefined || OWN_STATE.test(call) || agents.get(host) === undefined)
    return undefined;
  if (atMs - gate.sinceMs <= PASS_MS) return undefined;
  return `${host} called ${call} ${String(args[0])} at ${moment(atMs)}, and has held ${gate.path}, which it can not read, since ${moment(gate.sinceMs)}`;
}

import { entryPath, parseEntryPath } from '../../../state/keys.ts';
import { kindSchemas } from '../../../state/kinds.ts';
import type { Known } from '../known/known.ts';
import { changed, withMember, without, withoutMember } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** A pass that was under way when the entry came may end; as short as it is unless it waits for pods to end. */
const PASS_MS = 1_000;
/** What an agent keeps for itself is no act. */
const OWN_STATE = /^durable\./;
const START = 'replicaServers.start';
const STOPS_PODS = 'host.stopStaticPods';
const STARTS_PODS = 'host.restartKubelet';

/** Since when a host has held what it can not read, by path. */
type Held = ReadonlyMap<string, number>;
const NOTHING: Held = new Map();

interface State {
  /** Entries that this version can not read: `<path> <revision>`. */
  readonly unreadable: ReadonlySet<string>;
  /** By host; a host that holds none is not in it. */
  readonly gated: ReadonlyMap<string, Held>;
  /** Replicas of the log that were started where they are: `<host> <server name>`. */
  readonly started: ReadonlySet<string>;
  /** Hosts whose static pods the agent stopped in a pass that has not started them again yet. */
  readonly stopped: ReadonlySet<string>;
}

const initial: State = {
  unreadable: new Set(),
  gated: new Map(),
  started: new Set(),
  stopped: new Set(),
};

export const schemaGate = invariant({
  id: 'S25',
  title: 'What is too new stops an agent',
  rule: 'An agent whose copy of the log holds an entry that it can not read does nothing until that entry is gone, but start a replica of the log that it had started before, of a set of replicas that it can read.',
  hears: ['log.committed', 'log.delivered', 'agent.started', 'agent.called'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return { state: afterCommit(state, entry) };
      case 'log.delivered':
        return { state: afterDelivery(state, entry) };
      case 'agent.started':
        return { state: afterStart(state, entry) };
      case 'agent.called':
        return { state: afterCall(state, entry), broken: gatedAct(state, entry, known) };
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
  const before = state.gated.get(host) ?? NOTHING;
  const isForeign = parseEntryPath(path) === undefined;
  const isUnread = isForeign || state.unreadable.has(`${path} ${revision}`);
  const held = isUnread ? changed(before, path, before.get(path) ?? atMs) : without(before, path);
  if (held === before) return state;
  const gated = held.size > 0 ? changed(state.gated, host, held) : without(state.gated, host);
  return { ...state, gated };
}

function afterStart(state: State, { host }: Of<'agent.started'>): State {
  const { gated, stopped } = state;
  return { ...state, gated: without(gated, host), stopped: withoutMember(stopped, host) };
}

function afterCall(state: State, entry: Of<'agent.called'>): State {
  const { started, stopped } = state;
  switch (entry.call) {
    case START:
      return { ...state, started: withMember(started, startedBy(entry)) };
    case STOPS_PODS:
      return { ...state, stopped: withMember(stopped, entry.host) };
    case STARTS_PODS:
      return { ...state, stopped: withoutMember(stopped, entry.host) };
    default:
      return state;
  }
}

function gatedAct(state: State, entry: Of<'agent.called'>, { agents }: Known) {
  const { host, call, args, atMs } = entry;
  const held = state.gated.get(host);
  if (held === undefined || OWN_STATE.test(call) || agents.get(host) === undefined)
    return undefined;
  const [path, sinceMs] = [...held].reduce((first, each) => (each[1] < first[1] ? each : first));
  const endsPass = atMs - sinceMs <= PASS_MS || state.stopped.has(host);
  if (endsPass || bringsLogBack(state, held, entry)) return undefined;
  return `${host} called ${call} ${String(args[0])} at ${moment(atMs)}, and has held ${path}, which it can not read, since ${moment(sinceMs)}`;
}

/** Names of replicas are never used again, so whoever has this one had it before. */
function bringsLogBack({ started }: State, held: Held, entry: Of<'agent.called'>): boolean {
  const readsSet = ![...held.keys()].some((path) => parseEntryPath(path)?.kind === 'replicas');
  return entry.call === START && readsSet && started.has(startedBy(entry));
}

function startedBy({ host, args: [serverName] }: Of<'agent.called'>): string {
  return `${host} ${String(serverName)}`;
}

import type { TraceEntry } from '../../trace/entry.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** Undefined: things may change. */
  readonly settledMs: number | undefined;
  /** Whether strangers sent anything since. */
  readonly isHarassed: boolean;
  /** Whether an agent ended or began since: then the leader may change, and nothing else. */
  readonly isRestarted: boolean;
}

const initial: State = { settledMs: undefined, isHarassed: false, isRestarted: false };

const ENDS = ['fault.begun', 'script.edited'] as const;
const CHANGES = [
  'log.committed',
  'agent.called',
  'world',
  'etcd.members',
  'kubernetes.nodes',
] as const;
const AGENTS = ['agent.started', 'agent.ended', 'agent.failed'] as const;
/** What an agent keeps on its own disk, and who leads. */
const OF_A_RESTART = /^(durable\.|log\.write leadership\.)/;

const HEARS = ['script.settled', 'outsider.sent', ...ENDS, ...CHANGES, ...AGENTS] as const;

type Heard = Of<(typeof HEARS)[number]>;

export const quiet = invariant({
  id: 'S13',
  title: 'A converged cluster is left alone',
  rule: 'Once all is settled nothing is written and nothing is done, until the next fault or edit; a restart of agents changes nothing but the leader.',
  hears: HEARS,
  initial,
  step(state, entry) {
    const { settledMs, isHarassed } = state;
    const change = settledMs === undefined || isHarassed ? undefined : changeOf(state, entry);
    const broken =
      change && `${change} at ${moment(entry.atMs)}, settled since ${moment(settledMs ?? 0)}`;
    return { state: next(state, entry), broken };
  },
});

/** Only what holders of the key send may change anything or end a process. */
export const deafToOutsiders = invariant({
  id: 'S14',
  title: 'Outsiders change nothing',
  rule: 'What somebody without the key sends to a settled cluster changes nothing and ends no agent.',
  hears: HEARS,
  initial,
  step(state, entry) {
    const change = state.isHarassed ? (changeOf(state, entry) ?? failureOf(entry)) : undefined;
    const broken = change && `${change} at ${moment(entry.atMs)}, after an outsider sent something`;
    return { state: next(state, entry), broken };
  },
});

function next(state: State, entry: Heard): State {
  switch (entry.type) {
    case 'script.settled':
      return { settledMs: entry.atMs, isHarassed: false, isRestarted: false };
    case 'fault.begun':
    case 'script.edited':
      return initial;
    case 'outsider.sent':
      return { ...state, isHarassed: state.settledMs !== undefined };
    case 'agent.started':
    case 'agent.ended':
      return { ...state, isRestarted: true };
    default:
      return state;
  }
}

function changeOf(state: State, entry: Heard): string | undefined {
  const { type, host } = entry;
  switch (type) {
    case 'log.committed': {
      const { kind, key } = entry;
      if (kind === 'leadership' && state.isRestarted) return undefined;
      return `entry ${kind} ${key} was written`;
    }
    case 'agent.called': {
      const { call, args } = entry;
      const what = `${call} ${String(args[0])}`;
      return state.isRestarted && OF_A_RESTART.test(what) ? undefined : `${host} called ${what}`;
    }
    case 'world':
      return `${entry.event} ${entry.detail} on ${host}`;
    case 'etcd.members':
    case 'kubernetes.nodes':
      return `${type} of cluster ${entry.cluster} changed`;
    default:
      return undefined;
  }
}

function failureOf(entry: TraceEntry): string | undefined {
  return entry.type === 'agent.failed' ? `the agent of ${entry.host} failed` : undefined;
}

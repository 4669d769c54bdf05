import { ETCD_FOLDER } from '../../../state/kubernetes-paths.ts';
import type { Operation } from '../../../state/operation.ts';
import { clusterOf } from '../known/clusters.ts';
import { kubeadmVerb, parseCommand, parseEnd } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { moment, progressOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** The last `kubeadm init` that was started anywhere. */
  readonly last: { readonly host: string; readonly atMs: number } | undefined;
  /** The log said since then that the attempt was given up and its host cleaned. */
  readonly isAbandoned: boolean;
  /** An etcd came into being by it and was not wiped since. */
  readonly leftEtcd: boolean;
  readonly hasSucceeded: boolean;
  readonly cluster: string | undefined;
}

const initial: State = {
  last: undefined,
  isAbandoned: false,
  leftEtcd: false,
  hasSucceeded: false,
  cluster: undefined,
};

/**
 * A second attempt of the one init operation is no second init: the host that made the first has to
 * have committed that it starts anew, and to have wiped what etcd the first one left.
 */
export const oneInit = invariant({
  id: 'S2',
  title: 'One kubeadm init',
  rule: 'kubeadm init runs again only on the host of the first run, after that host committed that it gave the attempt up and wiped its etcd, and never after one succeeded.',
  hears: ['world', 'log.committed'],
  initial,
  step(former, entry, known) {
    const cluster = clusterOf(known);
    const state = former.cluster === cluster ? former : { ...initial, cluster };
    if (entry.type === 'log.committed') return { state: afterCommit(state, entry) };
    switch (entry.event) {
      case 'operation.started':
        return afterStart(state, entry, known);
      case 'operation.ended':
        return { state: afterEnd(state, entry, known) };
      case 'cluster.founded':
        return afterFounding(state, entry);
      case 'file.removed':
        return { state: afterRemoval(state, entry) };
      case 'disk.wiped':
        return { state: isOn(state, entry.host) ? { ...state, leftEtcd: false } : state };
      default:
        return { state };
    }
  },
});

function afterCommit(state: State, { kind, value }: Of<'log.committed'>): State {
  if (kind !== 'operation' || value === null) return state;
  const operation = value as Operation;
  if (operation.task !== 'init') return state;
  const progress = progressOf(operation)?.state;
  if (progress === 'succeeded') return { ...state, hasSucceeded: true };
  return progress === 'intended' ? { ...state, isAbandoned: true } : state;
}

function afterStart(state: State, entry: Of<'world'>, known: Known) {
  const { host, atMs, detail } = entry;
  if (kubeadmVerb(parseCommand(detail)) !== 'init') return { state };
  const { last } = state;
  const next = { ...state, last: { host, atMs }, isAbandoned: false, leftEtcd: false };
  const why = whyNot(state, host, known);
  const since = last && ` (the last one was on ${last.host} at ${moment(last.atMs)})`;
  const broken =
    why && `kubeadm init was started on ${host} at ${moment(atMs)}, ${why}${since ?? ''}`;
  return { state: next, broken };
}

function whyNot(state: State, host: string, { commands }: Known): string | undefined {
  if (state.hasSucceeded) return 'after the log said that the cluster was founded';
  if (state.last === undefined) return undefined;
  if (state.last.host !== host) return 'though another host ran it before';
  const running = commands.get(host) ?? [];
  if (running.some((each) => kubeadmVerb(each) === 'init')) return 'while another one ran';
  if (!state.isAbandoned) return 'before the log said that the attempt before was given up';
  return state.leftEtcd ? 'over the etcd that the attempt before left' : undefined;
}

function afterEnd(state: State, { host, detail }: Of<'world'>, { commands }: Known): State {
  const { unit, succeeded } = parseEnd(detail);
  const command = (commands.get(host) ?? []).find((each) => each.unit === unit);
  const isReset = command !== undefined && kubeadmVerb(command) === 'reset';
  return isReset && succeeded && isOn(state, host) ? { ...state, leftEtcd: false } : state;
}

/** Where kubeadm reset ends badly the host takes it away itself. */
function afterRemoval(state: State, { host, detail }: Of<'world'>): State {
  const isMember = detail === ETCD_FOLDER || detail === `${ETCD_FOLDER}/member`;
  return isMember && isOn(state, host) ? { ...state, leftEtcd: false } : state;
}

function afterFounding(state: State, { host, atMs, detail }: Of<'world'>) {
  if (isOn(state, host)) return { state: { ...state, leftEtcd: true } };
  const broken = `an etcd cluster ${detail} came into being on ${host} at ${moment(atMs)}, where no kubeadm init ran last`;
  return { state, broken };
}

function isOn({ last }: State, host: string): boolean {
  return last?.host === host;
}

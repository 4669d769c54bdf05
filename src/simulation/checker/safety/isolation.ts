import { logName } from '../../../state/genesis-record.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** Which cluster each host is of, until its disk is wiped, or set back to before that. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Whose each etcd or Kubernetes is, and who was ever in it. */
  readonly owned: ReadonlyMap<string, Owned>;
}

interface Owned {
  readonly clusterId: string | undefined;
  readonly hosts: readonly string[];
}

const FORGETS = /^(disk\.wiped|state\.set-back)$/;
const initial: State = { clusters: new Map(), owned: new Map() };

/** What wiped hosts left in an etcd or a Kubernetes is of the cluster that they were of. */
export const isolation = invariant({
  id: 'S15',
  title: 'Clusters never merge',
  rule: 'A host never leaves its cluster for another one, and no log, etcd or Kubernetes takes in hosts of two clusters.',
  hears: ['agent.formed', 'world', 'log.committed', 'etcd.members', 'kubernetes.nodes'],
  spansClusters: true,
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'agent.formed':
        return afterFormed(state, entry);
      case 'world':
        return { state: FORGETS.test(entry.event) ? afterWipe(state, entry) : state };
      case 'log.committed':
        return { state, broken: strangerInLog(state, entry, known) };
      case 'etcd.members':
        return afterList(
          state,
          entry,
          entry.members.map(({ host }) => host),
        );
      case 'kubernetes.nodes':
        return afterList(
          state,
          entry,
          entry.nodes.map(({ name }) => name),
        );
    }
  },
});

function afterFormed(state: State, { host, record, atMs }: Of<'agent.formed'>) {
  const { clusterId } = record;
  const before = state.clusters.get(host) ?? clusterId;
  const next = { ...state, clusters: changed(state.clusters, host, clusterId) };
  if (before === clusterId) return { state: next };
  const broken = `${host} went over from cluster ${before} to ${clusterId} at ${moment(atMs)}`;
  return { state: next, broken };
}

function afterWipe(state: State, { host }: Of<'world'>): State {
  return { ...state, clusters: without(state.clusters, host) };
}

function strangerInLog({ clusters }: State, entry: Of<'log.committed'>, { hosts }: Known) {
  const { log, by, kind, key, atMs } = entry;
  const host = by === null ? undefined : hosts.get(by);
  const clusterId = host === undefined ? undefined : clusters.get(host);
  if (clusterId === undefined) return undefined;
  if (log.startsWith(logName({ clusterId, epoch: 1 }).slice(0, -1))) return undefined;
  return `${host} of cluster ${clusterId} wrote ${kind} ${key} into ${log} at ${moment(atMs)}`;
}

function afterList(
  state: State,
  { type, cluster, atMs }: Of<'etcd.members' | 'kubernetes.nodes'>,
  hosts: readonly string[],
) {
  const key = `${type} of ${cluster}`;
  const before = state.owned.get(key) ?? { clusterId: undefined, hosts: [] };
  const fresh = hosts.filter((host) => !before.hosts.includes(host));
  const [first] = fresh.map((host) => state.clusters.get(host));
  const clusterId = before.clusterId ?? first;
  const stranger = fresh.find((host) => (state.clusters.get(host) ?? clusterId) !== clusterId);
  const owned = changed(state.owned, key, { clusterId, hosts: [...before.hosts, ...fresh] });
  const broken =
    stranger &&
    `${stranger} came into ${key}, which is of cluster ${clusterId}, at ${moment(atMs)}`;
  return { state: { ...state, owned }, broken };
}

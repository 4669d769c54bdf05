import type { TracedMember } from '../../trace/entry.ts';
import { kubeadmVerb, parseCommand } from '../known/command.ts';
import { type Disruption, disruptionBy } from '../known/disrupted.ts';
import type { Known } from '../known/known.ts';
import { changed, withMember } from '../known/maps.ts';
import { orderOf } from '../known/orders.ts';
import { healthyVoters, moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Whoever looked at etcd a moment before it stops its own may not know yet of a member that has just gone. */
const LOOKED_MS = 5_000;

interface State {
  /** Hosts of each etcd cluster of several members that have no other healthy voter, with the moment since when. */
  readonly alone: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Hosts that were taken hold of, by the order: `<host> <operation>`. From then on it is gone on with. */
  readonly begun: ReadonlySet<string>;
}

const initial: State = { alone: new Map(), begun: new Set() };

/** Before the log says that a cluster was founded, its only host may be cleaned for another attempt. */
export const lastMaster = invariant({
  id: 'S26',
  title: 'The last control plane stays',
  rule: 'The last healthy control plane of a founded cluster is never reset, cordoned or removed, nor is an upgrade begun of one of several while no other is healthy.',
  hears: ['world', 'etcd.members'],
  initial,
  step(state, entry, known) {
    if (entry.type === 'world') return afterWorld(state, entry, known);
    const lost = isFounded(known) ? lostLast(entry, known) : undefined;
    const broken =
      lost && `${lost}, the last healthy member of etcd, was removed at ${moment(entry.atMs)}`;
    return { state: afterChange(state, entry), broken };
  },
});

function afterChange(state: State, { cluster, members, atMs }: Of<'etcd.members'>): State {
  const before = state.alone.get(cluster);
  const hosts = loneHosts(members);
  if (hosts.length === 0 && before === undefined) return state;
  const alone = new Map(hosts.map((host) => [host, before?.get(host) ?? atMs]));
  return { ...state, alone: changed(state.alone, cluster, alone) };
}

function loneHosts(members: readonly TracedMember[]): readonly string[] {
  const healthy = healthyVoters(members);
  // A cluster of one control plane has nobody else to serve meanwhile.
  if (members.length === 1 || healthy.length > 1) return [];
  return (healthy.length === 1 ? healthy : members).map(({ host }) => host);
}

function afterWorld(state: State, entry: Of<'world'>, known: Known) {
  const act = disruptionBy(entry, known) ?? stopBy(entry);
  if (act === undefined) return { state };
  const isOrdered = isUpgrade(entry);
  const next = isOrdered ? afterBegin(state, act, known) : state;
  if (!isFounded(known) || (isOrdered && next === state)) return { state: next };
  const isWrong = isOrdered ? isAlone(state, act, entry.atMs) : isLast(act.host, known);
  const broken = `${act.host}, the last healthy control plane, was ${act.what} at ${moment(entry.atMs)}`;
  return { state: next, broken: isWrong ? broken : undefined };
}

/** Its API server and etcd end with the kubelet. */
function stopBy({ event, detail, host }: Of<'world'>): Disruption | undefined {
  const isStop = event === 'service.changed' && detail === 'stop kubelet';
  return isStop ? { host, what: 'stopped' } : undefined;
}

function isUpgrade({ event, detail }: Of<'world'>): boolean {
  if (event === 'service.changed') return true;
  return event === 'operation.started' && kubeadmVerb(parseCommand(detail)) === 'upgrade';
}

function afterBegin(state: State, { host }: Disruption, known: Known): State {
  const operationId = orderOf(known, host)?.operationId;
  if (operationId === undefined) return { ...state };
  const begun = withMember(state.begun, `${host} ${operationId}`);
  return begun === state.begun ? state : { ...state, begun };
}

function isFounded({ log }: Known): boolean {
  return [...log.operation.values()].some(
    ({ value: { task, snapshot } }) => task === 'init' && snapshot.value === 'succeeded',
  );
}

function isLast(host: string, { members }: Known): boolean {
  for (const all of members.values()) {
    const [first, ...others] = healthyVoters(all);
    if (first?.host === host && others.length === 0) return true;
  }
  return false;
}

function isAlone({ alone }: State, { host }: Disruption, atMs: number): boolean {
  return [...alone.values()].some((hosts) => {
    const sinceMs = hosts.get(host);
    return sinceMs !== undefined && atMs - sinceMs >= LOOKED_MS;
  });
}

function lostLast({ cluster, members }: Of<'etcd.members'>, known: Known): string | undefined {
  const [last, ...others] = healthyVoters(known.members.get(cluster) ?? []);
  if (last === undefined || others.length > 0) return undefined;
  return members.some(({ host }) => host === last.host) ? undefined : last.host;
}

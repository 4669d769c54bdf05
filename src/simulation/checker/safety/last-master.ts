import { disruptionBy } from '../known/disrupted.ts';
import type { Known } from '../known/known.ts';
import { healthyVoters, moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Before the log says that a cluster was founded, its only host may be cleaned for another attempt. */
export const lastMaster = invariant({
  id: 'S26',
  title: 'The last control plane stays',
  rule: 'The last healthy control plane of a founded cluster is never reset, upgraded, cordoned or removed.',
  hears: ['world', 'etcd.members'],
  initial: undefined,
  step(state, entry, known) {
    if (!isFounded(known)) return { state };
    const { atMs } = entry;
    if (entry.type === 'etcd.members') {
      const lost = lostLast(entry, known);
      const broken =
        lost && `${lost}, the last healthy member of etcd, was removed at ${moment(atMs)}`;
      return { state, broken };
    }
    const act = disruptionBy(entry, known);
    const broken =
      act && `${act.host}, the last healthy control plane, was ${act.what} at ${moment(atMs)}`;
    return { state, broken: act && isLast(act.host, known) ? broken : undefined };
  },
});

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

function lostLast({ cluster, members }: Of<'etcd.members'>, known: Known): string | undefined {
  const [last, ...others] = healthyVoters(known.members.get(cluster) ?? []);
  if (last === undefined || others.length > 0) return undefined;
  return members.some(({ host }) => host === last.host) ? undefined : last.host;
}

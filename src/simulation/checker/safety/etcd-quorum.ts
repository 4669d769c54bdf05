import type { TracedMember } from '../../trace/entry.ts';
import { changed } from '../known/maps.ts';
import { healthyVoters, majorityOf, moment, votersOf } from '../known/questions.ts';
import { invariant } from '../rule.ts';

/** From the look of a sponsor to the learner that kubeadm adds: what begins in between nobody can foresee. */
const UNFORESEEN_MS = 5_000;

/** When each voter was well last, by cluster and host. */
type Wellness = ReadonlyMap<string, number>;

const initial: Wellness = new Map();

/** Recomputed from each list of members and the one before it. */
export const etcdQuorum = invariant({
  id: 'S5',
  title: 'etcd keeps its quorum',
  rule: 'One member of etcd changes at a time, and after each change a majority of voters is healthy, a newcomer counted as if it were not, and of the others whoever was well until 5 s before it was added as if it still were.',
  hears: ['etcd.members'],
  initial,
  step(wellMs, { cluster, members, atMs }, known) {
    const before = known.members.get(cluster);
    if (before === undefined) return { state: wellMs };
    const state = healthyVoters(before).reduce<Wellness>(
      (all, { host }) => changed(all, `${cluster} ${host}`, atMs),
      wellMs,
    );
    const wasWell = ({ host }: TracedMember) =>
      atMs - (state.get(`${cluster} ${host}`) ?? Number.NEGATIVE_INFINITY) <= UNFORESEEN_MS;
    const problem = changeProblem(before, members, wasWell);
    const broken = problem && `at ${moment(atMs)} in etcd cluster ${cluster}: ${problem}`;
    return { state, broken };
  },
});

function changeProblem(
  before: readonly TracedMember[],
  after: readonly TracedMember[],
  wasWell: (member: TracedMember) => boolean,
) {
  const added = after.filter(({ host }) => before.every((old) => old.host !== host));
  const removed = before.filter(({ host }) => after.every((left) => left.host !== host));
  const promoted = after.filter(({ host, learner }) => {
    return !learner && before.some((old) => old.host === host && old.learner);
  });
  const changes = [...added, ...removed, ...promoted].map(({ host }) => host);
  if (changes.length === 0) return undefined;
  if (changes.length > 1) return `${changes.join(' and ')} changed at once`;
  const learners = after.filter(({ learner }) => learner).map(({ host }) => host);
  if (learners.length > 1) return `${learners.join(' and ')} are learners at once`;
  return (
    added.map((member) => additionProblem(member, after, wasWell))[0] ??
    promoted.map((member) => promotionProblem(member, after))[0] ??
    removed.map((member) => removalProblem(member, after))[0]
  );
}

/** From one voter to two there is no majority without the newcomer: then the one has to be healthy. */
function additionProblem(
  { host, learner }: TracedMember,
  after: readonly TracedMember[],
  wasWell: (member: TracedMember) => boolean,
) {
  if (!learner) return `${host} was added as a voter, not as a learner`;
  const voters = votersOf(after).length;
  const healthy = votersOf(after).filter((each) => each.healthy || wasWell(each)).length;
  const needed = voters === 1 ? 1 : majorityOf(voters + 1);
  if (healthy >= needed) return undefined;
  return `${host} was added while ${healthy} of ${voters} voters were healthy`;
}

function promotionProblem(
  { host, started, healthy }: TracedMember,
  after: readonly TracedMember[],
) {
  if (!started || !healthy) return `${host} was made a voter and does not serve`;
  return shortage(after, `${host} was made a voter`);
}

function removalProblem({ host, learner }: TracedMember, after: readonly TracedMember[]) {
  return learner ? undefined : shortage(after, `${host} was removed`);
}

function shortage(after: readonly TracedMember[], what: string): string | undefined {
  const [voters, healthy] = [votersOf(after).length, healthyVoters(after).length];
  if (healthy >= majorityOf(voters)) return undefined;
  return `${what} and left ${healthy} healthy of ${voters} voters`;
}

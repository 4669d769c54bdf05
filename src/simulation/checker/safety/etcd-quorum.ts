import type { TracedMember } from '../../trace/entry.ts';
import { healthyVoters, majorityOf, moment, votersOf } from '../known/questions.ts';
import { invariant } from '../rule.ts';

/** Recomputed from each list of members and the one before it. */
export const etcdQuorum = invariant({
  id: 'S5',
  title: 'etcd keeps its quorum',
  rule: 'One member of etcd changes at a time, and after each change a majority of voters is healthy, a newcomer counted as if it were not.',
  hears: ['etcd.members'],
  initial: undefined,
  step(state, { cluster, members, atMs }, known) {
    const before = known.members.get(cluster);
    if (before === undefined) return { state };
    const problem = changeProblem(before, members);
    const broken = problem && `at ${moment(atMs)} in etcd cluster ${cluster}: ${problem}`;
    return { state, broken };
  },
});

function changeProblem(before: readonly TracedMember[], after: readonly TracedMember[]) {
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
    added.map((member) => additionProblem(member, after))[0] ??
    promoted.map((member) => promotionProblem(member, after))[0] ??
    removed.map((member) => removalProblem(member, after))[0]
  );
}

/** From one voter to two there is no majority without the newcomer: then the one has to be healthy. */
function additionProblem({ host, learner }: TracedMember, after: readonly TracedMember[]) {
  if (!learner) return `${host} was added as a voter, not as a learner`;
  const [voters, healthy] = [votersOf(after).length, healthyVoters(after).length];
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

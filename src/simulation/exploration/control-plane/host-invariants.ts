import { roleUntilDeparted } from '../../../state/role-until-departed.ts';
import { isHealthyVoter } from './cluster.ts';
import type { Deed } from './deed.ts';
import { roleOf } from './entries.ts';
import { firstOf, type Rule } from './moment.ts';
import { hasKubelet, hasManifests, isDone, isLate, type Place } from './place.ts';

/** S2. */
export const oneInit: Rule = ({ before, deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'start' || deed.asked.task !== 'init') return undefined;
    const other = before.findIndex(({ ranInit }, index) => ranInit && index !== deed.place);
    if (other !== -1) return `kubeadm init starts on #${deed.place} after it started on #${other}`;
    const lives = before.some(({ etcdData }) => etcdData);
    return lives ? `kubeadm init starts on #${deed.place} while an etcd has data` : undefined;
  });

/** S3. */
export const committedStart: Rule = ({ deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'start' && deed.type !== 'go-on' && deed.type !== 'reset') return undefined;
    if (deed.isCommitted) return undefined;
    const command = deed.type === 'reset' ? 'reset' : deed.asked.task;
    return `kubeadm ${command} starts on #${deed.place} before the log says so`;
  });

/** S4. */
export const givenRole: Rule = ({ after, deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type === 'give-back')
      return deed.isSynced ? servesDeposed(after, deed.place) : undefined;
    if (deed.type !== 'start') return undefined;
    const place = after[deed.place];
    const task = place?.recorded?.task;
    if (place?.asked && task === place.asked.task) return undefined;
    return `#${deed.place} begins to ${task}, and was asked to ${place?.asked?.task ?? 'do nothing'}`;
  });

/** What only an old copy of the log gives back, others have taken from etcd and Kubernetes before. */
function servesDeposed(after: readonly Place[], index: number): string | undefined {
  const place = after[index];
  if (!place?.asked || isLate(place)) return undefined;
  // Until the cluster has let go of it, etcd may need its vote.
  const role = roleUntilDeparted(
    { task: place.asked.task, role: roleOf(place.asked.task) },
    place.departure === 'done',
  );
  if (role === 'spare' && hasKubelet(place)) return `#${index} starts its kubelet as a spare`;
  return hasManifests(place) && role !== 'control-plane'
    ? `#${index} starts a control plane as a ${role}`
    : undefined;
}

/** S10. */
export const fenced: Rule = ({ deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'obey' || deed.term >= deed.highest) return undefined;
    return `#${deed.place} obeys term ${deed.term} after it obeyed term ${deed.highest}`;
  });

/** S11. What a reset undoes never served, and the step that led to it is in the log (S3). */
export const quorumOfLog: Rule = ({ deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'start' || deed.logAnswers) return undefined;
    // Phase by phase what a quorum has as begun goes on.
    if (deed.asked.task === 'promote' && deed.isCommitted) return undefined;
    return `kubeadm ${deed.asked.task} starts on #${deed.place} while the log has no quorum`;
  });

/** S24. */
export const onceOnly: Rule = ({ deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type === 'complete' && deed.again) return `#${deed.place} ends its operation twice`;
    if (deed.type !== 'start' || deed.attempt > deed.startedBefore) return undefined;
    return `attempt ${deed.attempt} of ${deed.asked.task} starts on #${deed.place} a second time`;
  });

/** S26. */
export const lastMaster: Rule = ({ before, deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'reset' && deed.type !== 'take-down') return undefined;
    if (!deed.isLetGo) return `#${deed.place} is cleaned before the cluster has let go of it`;
    return deed.type === 'reset' ? resetsWhoServes(before, deed) : undefined;
  });

function resetsWhoServes(
  before: readonly Place[],
  { place: index, hasServed }: Extract<Deed, { type: 'reset' }>,
): string | undefined {
  if (hasServed) return `#${index} serves and is reset`;
  const place = before[index];
  const served = before.some((other) => isDone(other) && other.member === 'voter');
  const isLast =
    place !== undefined && isHealthyVoter(place) && before.filter(isHealthyVoter).length === 1;
  return served && isLast ? `#${index} has the last healthy etcd and is reset` : undefined;
}

import { isPeerAt } from '../../state/etcd-peer.ts';
import { inOrder, type Part, type Situation, type Step, waitFor } from './course.ts';
import { leaveEtcd, trustEtcd } from './decide-etcd.ts';
import { isMarkedControlPlane } from './marks.ts';
import { takeBackMarks } from './take-back.ts';

/** Under running pods: the node is not drained, and what an earlier departure did to its Node is undone. */
export function demotion(situation: Situation): Step | undefined {
  return inOrder([trustEtcd, beAlive, beUnmarked, leaveEtcd, unmark], situation);
}

/** What is left to do once etcd let go of it concerns its Node only. */
const beAlive: Part = ({ of, health }) => {
  const isMember = health.members.some((each) => isPeerAt(each, of.addresses));
  if (of.life === 'alive' || !isMember) return undefined;
  const message = `${of.hostname} is to become a worker and does not live: bring it back, or the leader replaces it`;
  return waitFor({ reason: 'liveness', message });
};

const beUnmarked: Part = ({ of, node }) => {
  const actions = node ? takeBackMarks(of.hostname, node.marks.labels) : [];
  return actions.length > 0 ? { actions } : undefined;
};

const unmark: Part = ({ of, node }) => {
  if (node === undefined || !isMarkedControlPlane(node.marks)) return undefined;
  return { actions: [{ type: 'unmark-control-plane', of }] };
};

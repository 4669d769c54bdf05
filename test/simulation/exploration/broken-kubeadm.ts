import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import { PARKED_FOLDER } from '../../../src/state/kubernetes-paths.ts';

type Kubeadm = typeof decide;

export const startsFirst: Kubeadm = (observed) => {
  const decided = decide(observed);
  const isStart = ({ type }: { readonly type: string }) => type === 'start-command';
  return [...decided.filter(isStart), ...decided.filter((action) => !isStart(action))];
};

export const takesControlPlane: Kubeadm = (observed) => {
  const { assignment } = observed;
  if (assignment?.task !== 'join-worker') return decide(observed);
  return decide({ ...observed, assignment: { ...assignment, task: 'join-control-plane' } });
};

export const resetsWithoutOthers: Kubeadm = (observed) =>
  decide({ ...observed, balancer: { ...observed.balancer, reachesOthers: true } });

export const resetsAsVoter: Kubeadm = (observed) => {
  const isLeaving = decide(observed).some(({ type }) => type === 'leave-etcd');
  return decide(
    isLeaving ? { ...observed, facts: { ...observed.facts, etcdMember: 'none' } } : observed,
  );
};

export const trustsAnyCopy: Kubeadm = (observed) => decide({ ...observed, synced: true });

export const obeysAnyTerm: Kubeadm = (observed) => trustsAnyCopy({ ...observed, obeyedTerm: 0 });

export const obeysLate: Kubeadm = ({ lateAssignment, ...observed }) =>
  decide({ ...observed, assignment: observed.assignment ?? lateAssignment });

export const startsAgain: Kubeadm = (observed) => {
  const isGone = stateOf(observed) === 'running' && observed.command.phase === 'absent';
  return decide(isGone ? inState(observed, 'intended') : observed);
};

export const takesGoneForAnnounced: Kubeadm = (observed) => {
  const isGone = stateOf(observed) === 'running' && observed.command.phase === 'absent';
  return decide(isGone ? { ...observed, command: { phase: 'announced' } } : observed);
};

export const resetsWhoServes: Kubeadm = (observed) =>
  decide(stateOf(observed) === 'succeeded' ? inState(observed, 'resetting') : observed);

export const takesDepartureForDone: Kubeadm = (observed) => {
  const { roleChange } = observed;
  if (!roleChange) return decide(observed);
  const departure = { ...roleChange.departure, isDone: true };
  return decide({ ...observed, roleChange: { ...roleChange, departure } });
};

export const parkedSaysNoMember: Kubeadm = (observed) => {
  const isParked = observed.residue.some((path) => path.startsWith(PARKED_FOLDER));
  if (!isParked) return decide(observed);
  return decide({ ...observed, facts: { ...observed.facts, etcdMember: 'none' } });
};

function stateOf({ operation }: Observed): string | undefined {
  return operation?.value.snapshot.value;
}

/** The operation seems to be somewhere else. */
function inState(observed: Observed, value: string): Observed {
  const { operation } = observed;
  if (!operation) return observed;
  const snapshot = { ...operation.value.snapshot, value };
  return {
    ...observed,
    operation: { ...operation, value: { ...operation.value, snapshot } },
  };
}

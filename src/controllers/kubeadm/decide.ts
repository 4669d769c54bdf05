import { readProgress } from '../../machines/operation-progress.ts';
import { statusFacts } from '../../state/kubernetes-facts.ts';
import { PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { lookAgain, type Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { type Course, SOON_MS, wait, watch } from './course.ts';
import { isForeign } from './decide-gates.ts';
import { install } from './decide-install.ts';
import { report } from './decide-report.ts';
import type { Observed } from './observed.ts';

const LOOK_AGAIN_MS = 5_000;
/** Mirrors and peers are not asked more often. */
const OBTAIN_AGAIN_MS = 10_000;
const PARKED_KUBELET_CONF = `${PARKED_FOLDER}/kubelet.conf`;
/** What is right for the command that runs on this host, whatever the log says by now, and can not wait. */
const URGENT: readonly Action['type'][] = ['sync-files', 'restart-kubelet'];
/** Besides, what does nothing to a host but to bring files that nobody uses yet. */
const HARMLESS: readonly Action['type'][] = [...URGENT, 'obtain-release'];

/** What brings this host nearer to its assignment; nothing for a host that is there. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const course = chart(observed);
  if (!course) return [];
  if (isHasty(observed, course)) return unheard();

  // A wait is told before it is waited; that a node serves is said when all else is done. And what
  // must be safe from a power cut does not wait for the log.
  const told = report(observed, course);
  const settled = course.phase === 'serving' || course.phase === 'spare';
  const urgent = course.actions.every(({ type }) => URGENT.includes(type));
  const steps = settled || urgent ? [...course.actions, ...told] : [...told, ...course.actions];
  return [...obey(observed), ...steps, ...lookAgain(course)];
}

/**
 * Nothing is done to a host for what only its own copy of the log says: after a restart that may be
 * of long ago, and ask for the reset of a host that serves by now (S17). Seed 49 of the search.
 */
function isHasty({ synced }: Observed, { actions }: Course): boolean {
  return !synced && actions.some(({ type }) => !HARMLESS.includes(type));
}

/** Not reported: there is nowhere to write it to. */
function unheard(): readonly Requeue[] {
  const message = 'waiting for the log: what this host last heard of it may be old';
  return [{ type: 'requeue', afterMs: SOON_MS, waiting: { reason: 'log', message } }];
}

function chart(observed: Observed): Course | undefined {
  if (observed.assignment === undefined && hasSettled(observed)) return undefined;
  return (
    serving(observed) ??
    unknownVersion(observed) ??
    unreadyHost(observed) ??
    foreignHost(observed) ??
    refusedAssignment(observed) ??
    parkedHost(observed) ??
    pursue(observed)
  );
}

// A local copy of the log that is still being filled has no assignments: no news for a node that serves.
function hasSettled({ reported, incarnation }: Observed): boolean {
  if (reported?.value.incarnation !== incarnation) return false;
  return reported.value.phase === 'serving' || reported.value.phase === 'spare';
}

function serving(observed: Observed): Course | undefined {
  const { operation, nodeId, incarnation, residue } = observed;
  if (operation?.value.nodeId !== nodeId || operation.value.incarnation !== incarnation) {
    return undefined;
  }
  if (readProgress(operation.value.snapshot)?.state !== 'succeeded') return undefined;
  if (observed.assignment?.task === 'retire') return { phase: 'spare', actions: [] };
  if (residue.length > 0) return serve(observed);
  const message =
    'this host served and carries no Kubernetes any more: somebody reset it; ' +
    'stop civitas on it for good and start another machine with the same token in its place';
  return wait('failed', { reason: 'host-emptied', message }, LOOK_AGAIN_MS);
}

// Everybody waits for a new node to become Ready, and for an API server that starts, and nothing in the
// log tells when they are.
function serve({ facts, reported }: Observed): Course {
  const { nodeReady } = statusFacts(facts, reported?.value.kubernetes);
  const isUp = nodeReady && (facts.apiServerReady || !facts.hostsControlPlane);
  return { phase: 'serving', actions: [], ...(isUp ? {} : { lookAgainMs: SOON_MS }) };
}

function unknownVersion({ kubernetesVersion }: Observed): Course | undefined {
  if (kubernetesVersion === undefined) {
    const message = 'waiting for the cluster spec to arrive in the log';
    return wait('waiting', { reason: 'spec', message }, LOOK_AGAIN_MS);
  }
  if (parseKubernetesVersion(kubernetesVersion)) return undefined;
  const message = `kubernetesVersion "${kubernetesVersion}" can not be read: it must look like v1.34.4`;
  return wait('waiting', { reason: 'kubernetes-version', message }, LOOK_AGAIN_MS);
}

// Done long before an assignment comes, so that a join is short.
function unreadyHost(observed: Observed): Course | undefined {
  const { host, kubernetesVersion = '', kubeletVersion } = observed;
  if (host.state === 'missing') {
    const message = host.messages.join('; ');
    const actions = (host.obtainable ?? []).map((version): Action => {
      return { type: 'obtain-release', kubernetesVersion: version };
    });
    const lookAgainMs = actions.length > 0 ? OBTAIN_AGAIN_MS : LOOK_AGAIN_MS;
    return { ...wait('preparing', { reason: 'host-not-ready', message }, lookAgainMs), actions };
  }
  if (host.state !== 'can-prepare') return undefined;
  const versions = { kubernetesVersion, ...(kubeletVersion !== undefined && { kubeletVersion }) };
  return { phase: 'preparing', actions: [{ type: 'prepare-host', ...versions }] };
}

function foreignHost(observed: Observed): Course | undefined {
  if (!isForeign(observed)) return undefined;
  const message =
    `this host carries a Kubernetes that this cluster did not put there (${observed.residue[0]}): ` +
    'run `kubeadm reset` and remove /etc/kubernetes/pki if nobody needs it any more';
  return wait('preparing', { reason: 'foreign-kubernetes', message }, LOOK_AGAIN_MS);
}

function refusedAssignment(observed: Observed): Course | undefined {
  const { assignment, incarnation } = observed;
  if (!assignment) return unassigned(observed);
  if (accepts(observed)) return undefined;
  const why =
    assignment.incarnation === incarnation
      ? `is of term ${assignment.term}, and this host has obeyed a later leader`
      : `is for incarnation ${assignment.incarnation} of this node, which is ${incarnation} now`;
  const message = `the assignment ${why}: waiting for the leader to assign anew`;
  return wait('waiting', { reason: 'stale-assignment', message }, LOOK_AGAIN_MS);
}

function unassigned({ lateAssignment }: Observed): Course {
  if (!lateAssignment) {
    const message = 'waiting for the leader to give this node a role';
    return wait('waiting', { reason: 'assignment', message }, LOOK_AGAIN_MS);
  }
  const message = `the assignment is of the leader of term ${lateAssignment.term}, and came into the log after a later term had begun: waiting for the leader to assign anew`;
  return wait('waiting', { reason: 'stale-assignment', message }, LOOK_AGAIN_MS);
}

/** What was parked at the boot is about to come back: until then nobody can tell what this host is. */
function parkedHost({ assignment, residue }: Observed): Course | undefined {
  const parked = residue.filter((path) => path.startsWith(`${PARKED_FOLDER}/`));
  if (parked.length === 0 || assignment?.role === 'spare') return undefined;
  const comesBack = assignment?.role === 'control-plane' || parked.includes(PARKED_KUBELET_CONF);
  return comesBack ? watch() : undefined;
}

function pursue(observed: Observed): Course {
  const { assignment, residue } = observed;
  if (assignment === undefined) return { phase: 'waiting', actions: [] };
  if (assignment.task !== 'stand-by') return install(observed, assignment);
  if (residue.length === 0) return { phase: 'spare', actions: [] };
  const message = `this host carries Kubernetes and was asked to stand by (${residue[0]}): drain it and run \`kubeadm reset\``;
  return wait('waiting', { reason: 'role-change', message }, LOOK_AGAIN_MS);
}

function accepts({ assignment, incarnation, obeyedTerm }: Observed): boolean {
  return assignment?.incarnation === incarnation && assignment.term >= obeyedTerm;
}

/** Kept on disk before anything is done for it, so that no older leader is obeyed afterwards (S10). */
function obey(observed: Observed): readonly Action[] {
  const { assignment, obeyedTerm } = observed;
  if (!assignment || !accepts(observed) || assignment.term === obeyedTerm) return [];
  return [{ type: 'obey', term: assignment.term }];
}

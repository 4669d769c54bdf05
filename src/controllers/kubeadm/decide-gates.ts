import type { Assignment } from '../../state/assignment.ts';
import { type Course, SOON_MS, wait, watch } from './course.ts';
import type { Observed, UntimelyHandover } from './observed.ts';

const LOOK_AGAIN_MS = 5_000;
/** A wait that is over sooner would cost more entries in the log than it is worth. */
const WORTH_TELLING_MS = 2_000;

/** Kubernetes stands on this host, and no marker says that this cluster put it there (S17). */
export function isForeign({ residue, marker, clusterId }: Observed): boolean {
  return residue.length > 0 && marker?.clusterId !== clusterId;
}

/** What must be so before an operation is even recorded; undefined when all of it is. */
export function closedGate(observed: Observed, assignment: Assignment): Course | undefined {
  const closed = former(observed, assignment);
  // Whoever leaves Kubernetes needs nobody's API server, and nobody may answer it any more.
  if (closed || assignment.task === 'retire') return closed;
  return balancer(observed, assignment);
}

/** Nothing on a host is touched before the cluster has let go of what stands there. */
export function awaitDeparture({ roleChange }: Observed): Course | undefined {
  if (roleChange?.departure.isDone) return undefined;
  const { by, why } = roleChange?.departure ?? { by: 'a control plane', why: undefined };
  const message = `waiting for ${by} to take this host out of the cluster${why ? `: ${why}` : ''}`;
  return wait('waiting', { reason: 'departure', message }, LOOK_AGAIN_MS);
}

/** Keys and token must have come before a join starts; as a rule they come within milliseconds. */
export function missingHandover(observed: Observed, { task }: Assignment): Course | undefined {
  const { handover, inStateForMs } = observed;
  if (task === 'init' || handover === 'ready') return undefined;
  if (inStateForMs < WORTH_TELLING_MS) return watch();
  if (handover !== 'absent') return untimely(handover);
  const message = 'waiting for the sponsoring control plane to hand over keys and token';
  return wait('installing', { reason: 'handover', message }, LOOK_AGAIN_MS);
}

/** kubeadm would fail, each attempt anew: one clock is wrong, and by that of the host all its certificates are. */
function untimely({ endsWallMs, sponsor }: UntimelyHandover): Course {
  const message =
    `the token from ${sponsor} lives for 15 minutes and ends at ${new Date(endsWallMs).toISOString()}, which is too early or too late by the clock of this host: ` +
    `${sponsor} makes another every 10 minutes, and if this stays, the clock of this host or of ${sponsor} is wrong: set it right (\`timedatectl set-ntp true\`)`;
  return wait('installing', { reason: 'clock', message }, LOOK_AGAIN_MS);
}

/** Without another host's API server nothing can be joined, or left, in good order. */
export function cutOff({ balancer }: Observed, { task }: Assignment): Course | undefined {
  if (task === 'init' || task === 'retire' || balancer.reachesOthers) return undefined;
  const message = 'waiting for an API server of the cluster to answer through 127.0.0.1:7443';
  return wait('installing', { reason: 'api-server', message }, SOON_MS);
}

function former(observed: Observed, { task }: Assignment): Course | undefined {
  if (observed.formerOperation === 'running') return watch();
  if (observed.residue.length === 0 || task === 'retire') return undefined;
  if (task === 'promote' || task === 'demote') return notMeant(observed, task);
  if (!serves(observed)) return undefined;
  return roleStays(observed, task, 'a node that serves does not change its role by itself');
}

/** A change of role builds upon what stands on the host, so that must be what the leader knows of. */
function notMeant(observed: Observed, task: 'promote' | 'demote'): Course | undefined {
  const { marker, nodeId, incarnation, formerOperation, facts } = observed;
  if (marker?.nodeId !== nodeId || marker.incarnation !== incarnation) {
    return roleStays(observed, task, 'that was an earlier life of this node');
  }
  const serves = formerOperation === 'succeeded' && facts.hostsControlPlane;
  if (task === 'demote' || !serves) return undefined;
  return roleStays(observed, task, 'it is a control plane');
}

function roleStays({ marker }: Observed, task: Assignment['task'], why: string): Course {
  const message = `this host serves by operation ${marker?.operationId} and was asked to ${task}: ${why}`;
  return wait('waiting', { reason: 'role-change', message }, LOOK_AGAIN_MS);
}

/** Whoever serves is never reset for another operation (S26). */
function serves({ formerOperation, facts }: Observed): boolean {
  const { node } = facts;
  const ready = node !== 'absent' && node !== 'unknown' && node.ready;
  return formerOperation === 'succeeded' || (formerOperation === 'ended' && ready);
}

function balancer(observed: Observed, assignment: Assignment): Course | undefined {
  const { running, listsOwnServer } = observed.balancer;
  const usable = assignment.task === 'init' ? running && listsOwnServer : running;
  if (usable) return cutOff(observed, assignment);
  const message = 'waiting for the load balancer of this node on 127.0.0.1:7443';
  return wait('waiting', { reason: 'load-balancer', message }, SOON_MS);
}

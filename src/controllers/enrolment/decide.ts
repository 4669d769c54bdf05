import type { LeaseView } from '../../ports/leases.ts';
import type { Assignment } from '../../state/assignment.ts';
import { type Departure, hasDeparted } from '../../state/departure.ts';
import { distanceOf } from '../../state/distance.ts';
import type { Entry } from '../../state/kinds.ts';
import { leaseVerdict } from '../../state/lease-verdict.ts';
import { type LocalVolumesSight, tellsOfLocalVolumes } from '../../state/local-volumes.ts';
import type { Node } from '../../state/node.ts';
import type { Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import { sharedIdentity } from '../../state/twins.ts';
import { waitAsOldCopy, waitForFormerName, waitForTwin } from './waits.ts';

/**
 * A copy of a disk is found out by the hellos of the others, which come every 10 s (push-pull.ts): before
 * that nobody takes another name or address in the name of an enrolled node.
 */
const FOUND_OUT_MS = 15_000;
const SOON_MS = 1_000;

export interface Observed {
  /** This node as it would enrol itself. */
  readonly record: Node;
  /** To most others; undefined as long as it is not known. */
  readonly roundTripMs: number | undefined;
  /** Undefined when this host does not let itself be looked at. */
  readonly localVolumes: LocalVolumesSight | undefined;
  /** All entries of the log, this node's own among them once it is enrolled. */
  readonly nodes: readonly Entry<'node'>[];
  /** What the leader says of their lives. */
  readonly livenesses: readonly Entry<'liveness'>[];
  readonly leases: readonly LeaseView[];
  /** For how long this agent has listened to a log that worked. */
  readonly watchedMs: number;
  /** Of this node. */
  readonly assignment: Assignment | undefined;
  readonly departure: Departure | undefined;
}

export interface Action {
  readonly type: 'enrol';
  readonly record: Node;
  readonly ifRevision: number;
}

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { record, nodes } = observed;
  const enrolled = nodes.find(({ key }) => key === record.nodeId);
  if (enrolled && enrolled.value.incarnation > record.incarnation) {
    return [waitAsOldCopy(record, enrolled.value)];
  }

  const wanted = withFiguresOfEnrolment(observed, enrolled?.value);
  if (sameValue(wanted, enrolled?.value)) return [];

  const twin = newTwin(observed, enrolled?.value);
  if (twin) return [waitForTwin(record, twin)];
  if (enrolled && isRenamedInPlace(observed, enrolled.value)) {
    return [waitForFormerName(record, enrolled.value)];
  }
  if (enrolled && isHasty(observed, enrolled.value)) return [{ type: 'requeue', afterMs: SOON_MS }];
  return [{ type: 'enrol', record: wanted, ifRevision: enrolled?.revision ?? 0 }];
}

// Measured anew at each start of the agent, but a fresh figure alone is no reason to write (S13); another
// distance is one, which takes minutes, and whoever was never far says nothing. So with local volumes.
function withFiguresOfEnrolment(
  { record, roundTripMs, localVolumes: sight }: Observed,
  enrolled: Node | undefined,
): Node {
  if (enrolled?.incarnation !== record.incarnation) return record;
  const { capacity, distance } = enrolled;
  const localVolumes = tellsOfLocalVolumes(sight, enrolled.localVolumes === true);
  const known: Node = {
    ...record,
    capacity,
    ...(distance && { distance }),
    ...(localVolumes && { localVolumes }),
  };
  const found = roundTripMs === undefined ? distance : distanceOf(roundTripMs, distance ?? 'near');
  return found === (distance ?? 'near') ? known : { ...known, ...(found && { distance: found }) };
}

/**
 * A living node that has what this one is about to claim. Whoever is enrolled under an identity
 * keeps it: only a write that would make a second one is refused, so the first stays untouched.
 */
function newTwin(
  { record, nodes, ...heard }: Observed,
  enrolled: Node | undefined,
): Node | undefined {
  return nodes
    .map(({ value }) => value)
    .filter((other) => sharedIdentity(record, other) !== undefined)
    .filter((other) => enrolled === undefined || sharedIdentity(enrolled, other) === undefined)
    .find((other) => mayLive(other, heard));
}

/**
 * Whoever was heard a moment ago lives, whatever was said of it; and whoever was not for as long as a
 * lease lasts is dead. Between the two, and of whom this agent has never heard, the leader knows more.
 */
function mayLive(
  { nodeId, incarnation }: Node,
  { leases, livenesses, watchedMs }: Pick<Observed, 'leases' | 'livenesses' | 'watchedMs'>,
): boolean {
  const ageMs = leases.find((lease) => lease.nodeId === nodeId)?.ageMs;
  const verdict = leaseVerdict(ageMs, watchedMs);
  if (verdict === 'alive' || verdict === 'dead') return verdict === 'alive';
  const judged = livenesses.find(({ key }) => key === nodeId)?.value;
  return judged?.verdict !== 'dead' || judged.incarnation !== incarnation;
}

function isHasty({ record, watchedMs }: Observed, enrolled: Node): boolean {
  if (enrolled.incarnation !== record.incarnation || watchedMs >= FOUND_OUT_MS) return false;
  const isSame =
    enrolled.hostname === record.hostname && sameValue(enrolled.addresses, record.addresses);
  return !isSame;
}

/** A Node can not be renamed, and carries the name of its host. */
function isRenamedInPlace({ record, assignment, departure }: Observed, enrolled: Node): boolean {
  if (enrolled.hostname === record.hostname || assignment === undefined) return false;
  if (assignment.task !== 'retire') return assignment.task !== 'stand-by';
  return !hasDeparted(assignment, departure);
}

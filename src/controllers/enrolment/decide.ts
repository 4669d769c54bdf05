import type { LeaseView } from '../../ports/leases.ts';
import type { Requeue } from '../../runtime/controller.ts';
import { canonicalJson } from '../../state/canonical-json.ts';
import type { Entry } from '../../state/kinds.ts';
import { leaseVerdict } from '../../state/lease-verdict.ts';
import type { Node } from '../../state/node.ts';
import { sharedIdentity } from '../../state/twins.ts';

const LOOK_AGAIN_MS = 5_000;

export interface Observed {
  /** This node as it would enrol itself. */
  readonly record: Node;
  /** All entries of the log, this node's own among them once it is enrolled. */
  readonly nodes: readonly Entry<'node'>[];
  readonly leases: readonly LeaseView[];
  /** For how long this agent has listened to a log that worked. */
  readonly watchedMs: number;
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

  const wanted = withCapacityOfEnrolment(record, enrolled?.value);
  if (canonicalJson(wanted) === canonicalJson(enrolled?.value)) return [];

  const twin = newTwin(observed, enrolled?.value);
  if (twin) return [waitForTwin(record, twin)];
  return [{ type: 'enrol', record: wanted, ifRevision: enrolled?.revision ?? 0 }];
}

// Measured anew at each start of the agent, but a fresh figure alone is no reason to write (S13).
function withCapacityOfEnrolment(record: Node, enrolled: Node | undefined): Node {
  if (enrolled?.incarnation !== record.incarnation) return record;
  return { ...record, capacity: enrolled.capacity };
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

function mayLive(
  { nodeId }: Node,
  { leases, watchedMs }: Omit<Observed, 'record' | 'nodes'>,
): boolean {
  const ageMs = leases.find((lease) => lease.nodeId === nodeId)?.ageMs;
  return leaseVerdict(ageMs, watchedMs) !== 'dead';
}

function waitForTwin(record: Node, twin: Node): Requeue {
  const shared = sharedIdentity(record, twin);
  const cure =
    shared === 'hostname'
      ? 'give this machine another hostname'
      : 'give this machine its own machine-id (rm /etc/machine-id && systemd-machine-id-setup)';
  const message =
    `this node (${record.nodeId}) has the ${shared} of ${twin.hostname} (${twin.nodeId}) ` +
    `at ${twin.addresses[0]}, which may be alive: ${cure}, or stop civitas there for 30 s`;
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'twin-node', message } };
}

function waitAsOldCopy(record: Node, enrolled: Node): Requeue {
  const message =
    `this state directory is an old copy: it says incarnation ${record.incarnation} of node ` +
    `${record.nodeId}, which has enrolled as incarnation ${enrolled.incarnation} since; ` +
    'run `kubeadm reset`, empty it and start civitas under a new --hostname and machine id, as another node';
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'old-copy', message } };
}

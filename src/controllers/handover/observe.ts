import { attemptOf, type Progress, readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { Handover } from '../../state/handover.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { attemptName } from './handed-over.ts';
import type { Join, Observed } from './observed.ts';

const FIRST_ATTEMPT = 1;

/** What the controller keeps from pass to pass. */
export interface Memory {
  /** Since when it has seen each token, and each entry of one. */
  sightings: Sightings;
  /** What it handed over last to each node. */
  readonly handedOver: Map<NodeId, Moment>;
}

interface Moment {
  /** Name of the attempt that it was for. */
  readonly attempt: string;
  readonly nowMs: number;
  readonly wallMs: number;
}

interface Sponsored {
  /** Undefined when a newer agent wrote it. */
  readonly state: Progress['state'] | undefined;
  readonly join: Join;
}

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, leases, self, store } = ports;
  const serves = isServingControlPlane(ports);
  const enrolled = store.get('node', self.nodeId) !== undefined;
  const sponsored = store.list('assignment').flatMap(({ value }) => sponsoredOf(value, ports));
  const joins = sponsored
    .filter(({ state }) => state !== 'gave-up')
    .map(({ join }) => remembered(join, ports, memory));
  const givenUp = sponsored
    .filter(({ state, join }) => state === 'gave-up' && isOnlyOfItsName(join, ports))
    .map(({ join: { hostname, addresses } }) => ({ hostname, addresses }));
  const failed = givenUp.length > 0 || joins.some(({ attempt }) => attempt > 1);
  return {
    nodeId: self.nodeId,
    serves,
    settled: isSettledCopy(leases.sinceLogFailoverMs(), enrolled),
    wallMs: clock.wallMs(),
    joins,
    givenUp,
    ...(serves && failed ? await registered(ports) : { nodes: [], members: [] }),
    ...timed(ports, memory, serves ? await ownTokens(ports) : []),
  };
}

/** The same join, with what this process knows of its handover. */
function remembered(join: Join, { clock }: Ports, { handedOver }: Memory): Join {
  const moment = handedOver.get(join.nodeId);
  if (moment?.attempt !== attemptName(join)) return join;
  const beforeMs = clock.nowMs() - moment.nowMs;
  const clockSetByMs = clock.wallMs() - moment.wallMs - beforeMs;
  return { ...join, handedOver: { beforeMs, clockSetByMs } };
}

function isServingControlPlane({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  if (status?.incarnation !== self.incarnation) return false;
  return status.phase === 'serving' && status.role === 'control-plane';
}

async function ownTokens({ kube }: Ports): Promise<readonly string[]> {
  return (await kube.bootstrapTokens()).filter(({ ours }) => ours).map(({ id }) => id);
}

/** How long this process has seen the tokens, and the entries that name them. */
function timed({ clock, store }: Ports, memory: Memory, ids: readonly string[]) {
  const nowMs = clock.nowMs();
  const entries = store.list('handover');
  const entryName = ({ nodeId, tokenId }: Handover) => `${nodeId}/${tokenId}`;
  const present = [...ids, ...entries.map(({ value }) => entryName(value))];
  memory.sightings = withSightings(memory.sightings, present, nowMs);
  const ageMs = (thing: string) => seenForMs(memory.sightings, thing, nowMs);
  return {
    entries: entries.map(({ value, revision }) => {
      return { value, revision, seenForMs: ageMs(entryName(value)) };
    }),
    tokens: ids.map((id) => ({ id, seenForMs: ageMs(id) })),
  };
}

async function registered({ etcd, kube }: Ports): Promise<Pick<Observed, 'nodes' | 'members'>> {
  const nodes = await kube.nodes();
  const members = (await etcd.members()) ?? [];
  return {
    nodes: nodes.map(({ name, uid }) => ({ name, uid })),
    members: members.map(({ id, peerUrls }) => ({ id, peerUrls })),
  };
}

/**
 * A join is asked for by the entry of its operation, which the joining node writes when all else
 * is ready: so no token lives longer than it must, however long a host lacks something. A void
 * assignment has no such entry (`isLate`), so it is no join.
 */
function sponsoredOf(assignment: Assignment, { self, store }: Ports): readonly Sponsored[] {
  const { nodeId, incarnation, operationId, task, sponsor } = assignment;
  if (sponsor !== self.nodeId) return [];
  if (task !== 'join-control-plane' && task !== 'join-worker') return [];

  const node = store.get('node', nodeId)?.value;
  const operation = store.get('operation', operationId)?.value;
  if (node?.incarnation !== incarnation || operation?.nodeId !== nodeId) return [];
  const progress = readProgress(operation.snapshot);
  const state = progress?.state;
  if (state === 'succeeded') return [];
  const { sealKey, hostname, addresses } = node;
  const attempt = Math.max(FIRST_ATTEMPT, progress ? attemptOf(progress) : FIRST_ATTEMPT);
  const awaitsKeys = state === 'intended';
  const join = { nodeId, operationId, task, sealKey, hostname, addresses, attempt, awaitsKeys };
  return [{ state, join }];
}

/** The machine of a host that gave up may have enrolled anew, and join under the same name. */
function isOnlyOfItsName({ nodeId, hostname, addresses }: Join, { store }: Ports): boolean {
  const others = store.list('node').filter(({ value }) => value.nodeId !== nodeId);
  return others.every(
    ({ value }) =>
      value.hostname !== hostname && !value.addresses.some((each) => addresses.includes(each)),
  );
}

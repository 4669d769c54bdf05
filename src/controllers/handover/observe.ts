import { attemptOf, type Progress, readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import { isUnanswered } from '../../runtime/unanswered.ts';
import type { Assignment, Task } from '../../state/assignment.ts';
import type { Handover } from '../../state/handover.ts';
import type { NodeId } from '../../state/node-id.ts';
import { servesAsControlPlane } from '../../state/serves-as-control-plane.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { wantsMember } from './etcd-doubt.ts';
import { attemptName } from './handed-over.ts';
import { lostKubelets } from './lost-kubelets.ts';
import type { Join, Observed } from './observed.ts';

const FIRST_ATTEMPT = 1;

/** Tasks that need keys and a token, by what they need. */
const JOIN_TASKS: Readonly<Partial<Record<Task, Join['task']>>> = {
  'join-control-plane': 'join-control-plane',
  'join-worker': 'join-worker',
  promote: 'join-control-plane',
};

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
  const joining = sponsored.filter(({ state }) => state !== 'gave-up').map(({ join }) => join);
  const joins = [...joining, ...lostKubelets(ports)].map((join) => remembered(join, ports, memory));
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
    etcd: serves && joins.some(wantsMember) ? await health(ports) : undefined,
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
  const { nodeId, incarnation } = self;
  const isOfThisLife = store.get('status', nodeId)?.value.incarnation === incarnation;
  return isOfThisLife && servesAsControlPlane(nodeId, store);
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
      const abandoned = isAbandoned(value, store);
      return { value, revision, seenForMs: ageMs(entryName(value)), abandoned };
    }),
    tokens: ids.map((id) => ({ id, seenForMs: ageMs(id) })),
  };
}

/** A token that a kubelet may still be using stays, whoever made it. */
function isAbandoned({ sponsor, operationId }: Handover, store: Pick<Store, 'get'>): boolean {
  const role = store.get('assignment', sponsor)?.value.role;
  const operation = store.get('operation', operationId)?.value;
  const state = operation && readProgress(operation.snapshot)?.state;
  const isDone = state === 'succeeded' || state === 'gave-up';
  return isDone && role !== undefined && role !== 'control-plane';
}

async function health({ etcd }: Ports): Promise<Observed['etcd']> {
  try {
    return await etcd.health();
  } catch (error) {
    if (isUnanswered(error)) return undefined;
    throw error;
  }
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
  const joinTask = JOIN_TASKS[task];
  if (sponsor !== self.nodeId || joinTask === undefined) return [];

  const node = store.get('node', nodeId)?.value;
  const operation = store.get('operation', operationId)?.value;
  if (node?.incarnation !== incarnation || operation?.nodeId !== nodeId) return [];
  const progress = readProgress(operation.snapshot);
  const state = progress?.state;
  if (state === 'succeeded') return [];
  const { sealKey, hostname, addresses } = node;
  const attempt = Math.max(FIRST_ATTEMPT, progress ? attemptOf(progress) : FIRST_ATTEMPT);
  const awaitsKeys = state === 'intended';
  const who = { nodeId, operationId, sealKey, hostname, addresses };
  return [{ state, join: { ...who, task: joinTask, attempt, awaitsKeys } }];
}

/** The machine of a host that gave up may have enrolled anew, and join under the same name. */
function isOnlyOfItsName({ nodeId, hostname, addresses }: Join, { store }: Ports): boolean {
  const others = store.list('node').filter(({ value }) => value.nodeId !== nodeId);
  return others.every(
    ({ value }) =>
      value.hostname !== hostname && !value.addresses.some((each) => addresses.includes(each)),
  );
}

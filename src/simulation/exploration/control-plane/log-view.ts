import type { Observed } from '../../../controllers/roles/decide.ts';
import { FIRST_PROGRESS } from '../../../machines/operation-progress.ts';
import { clusterSpecSchema } from '../../../state/cluster-spec.ts';
import type { Entry } from '../../../state/kinds.ts';
import type { NodeId } from '../../../state/node-id.ts';
import {
  assignmentValue,
  departureEntries,
  entry,
  INCARNATION,
  KUBERNETES_VERSION,
  livenessValue,
  machineOf,
  nodeValue,
  operationValue,
  revisionOfAsked,
  statusValue,
} from './entries.ts';
import { nodeIdAt } from './names.ts';
import type { Place, Recorded } from './place.ts';

/** The part of the spec that roles depend on. */
export interface Policy {
  readonly controlPlanes: 1 | 3 | 5 | 7;
  readonly size: number | undefined;
}

/** The log as the leader reads it. */
export interface LogView {
  readonly all: readonly Place[];
  readonly sponsors: readonly number[];
  readonly formers: readonly number[];
  readonly term: number;
  /** Equal for nodes that the log says the same of, sponsors included. */
  readonly classes: readonly number[];
}

/** Long enough for any verdict, and for the choice of genesis to be waited for. */
const LONG_MS = 3_600_000;
const SPEC = clusterSpecSchema.parse({ kubernetesVersion: KUBERNETES_VERSION });

/** All that counts of operations before the last one. */
const EARLIER: Recorded = {
  task: 'promote',
  name: 'promote-@-0',
  progress: { ...FIRST_PROGRESS, state: 'succeeded', outcome: 'succeeded' },
};

interface Listed {
  readonly place: Place;
  readonly nodeId: NodeId;
  readonly sponsor: NodeId | null;
  /** Name of the host; absent: its own id. */
  readonly machine: NodeId;
}

/** What `roles` sees; `order`: the indices of the nodes, by their ids; `isOverdue`: the grace of whoever is dead is over. */
export function rolesView(
  { all, sponsors, formers, term }: LogView,
  { controlPlanes, size }: Policy,
  order: readonly number[],
  isOverdue: boolean,
): Observed {
  const idOf = (index: number) => nodeIdAt(Math.max(0, order.indexOf(index)));
  const listed = order.flatMap((index): readonly Listed[] => {
    const place = all[index];
    const sponsor = sponsors[index] ?? -1;
    const nodeId = idOf(index);
    const machine = idOf(machineOf(formers, index));
    return place ? [{ place, nodeId, machine, sponsor: sponsor < 0 ? null : idOf(sponsor) }] : [];
  });
  const leader = { nodeId: idOf(all.findIndex(({ leads }) => leads)), incarnation: INCARNATION };
  return {
    term,
    leadership: entry('leadership', 'current', leader, term),
    watchedMs: LONG_MS,
    spec: { ...SPEC, controlPlanes, ...(size !== undefined && { size }) },
    firstControlPlane: idOf(all.findIndex(({ chosen }) => chosen)),
    nodes: listed.flatMap(nodeEntry),
    livenesses: listed.flatMap(livenessEntry),
    statuses: listed.flatMap(statusEntry),
    assignments: listed.flatMap(assignmentEntry),
    operations: listed.flatMap(operationEntry),
    departures: listed.flatMap(({ place, nodeId, sponsor }) =>
      departureEntries(place, nodeId, sponsor ?? nodeId),
    ),
    requests: listed.flatMap(requestEntry),
    plans: [],
    approvals: [],
    deadForMs: new Map(
      listed
        .filter(({ place }) => place.verdict === 'dead')
        .map(({ place, nodeId }) => [nodeId, isOverdue && isUnheard(place) ? LONG_MS : 0]),
    ),
    missedForMs: new Map(),
  };
}

// Nobody decides by such a revision but to name it in the write, and writes are compared by value here.
const REVISION = 1;

/** A machine that lost its disk enrols after the node that it was. */
function nodeEntry({ place, nodeId, machine }: Listed): Entry<'node'>[] {
  const revision = machine === nodeId ? REVISION : REVISION + 1;
  return place.enrolled ? [entry('node', nodeId, nodeValue(nodeId, machine), revision)] : [];
}

/** Leaders look every two seconds: whoever is heard again is not dead any more when its grace ends. */
export function isUnheard({ power, verdict }: Place): boolean {
  return verdict === 'dead' && power !== 'on';
}

function requestEntry({ place, nodeId }: Listed): Entry<'request'>[] {
  if (!place.leaving) return [];
  const value = { type: 'leave', nodeId, incarnation: INCARNATION, askedWallMs: 0 } as const;
  return [entry('request', nodeId, value, REVISION)];
}

function livenessEntry({ place: { verdict }, nodeId }: Listed): Entry<'liveness'>[] {
  if (verdict === 'none') return [];
  return [entry('liveness', nodeId, livenessValue(nodeId, verdict), REVISION)];
}

function statusEntry({ place: { said }, nodeId }: Listed): Entry<'status'>[] {
  return said ? [entry('status', nodeId, statusValue(nodeId, said), REVISION)] : [];
}

function assignmentEntry({ place: { asked }, nodeId, sponsor }: Listed): Entry<'assignment'>[] {
  if (!asked) return [];
  const value = assignmentValue(nodeId, asked, sponsor);
  return [entry('assignment', nodeId, value, revisionOfAsked(asked))];
}

function operationEntry({ place, nodeId }: Listed): Entry<'operation'>[] {
  const { recorded, wasControlPlane } = place;
  const all = [...(recorded ? [recorded] : []), ...(wasControlPlane ? [EARLIER] : [])];
  return all
    .map((each) => operationValue(nodeId, each))
    .map((value) => entry('operation', value.operationId, value, REVISION));
}

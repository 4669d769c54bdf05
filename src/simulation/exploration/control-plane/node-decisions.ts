import { attemptOf } from '../../../machines/operation-progress.ts';
import type { EtcdHealth } from '../../../ports/etcd.ts';
import type { Decisions } from './decisions.ts';
import { entry, INCARNATION, livenessValue, nodeValue } from './entries.ts';
import { wellStatus } from './etcd-status.ts';
import { nodeIdAt } from './names.ts';
import { isUp, type Place } from './place.ts';

/** Long enough for any verdict. */
const LONG_MS = 3_600_000;

/** The verdict that the leader of this term gives on a node, or the one that stands. */
export function judged(decide: Decisions['membership'], place: Place): Place['verdict'] {
  const nodeId = nodeIdAt(1);
  const { power, verdict, leads } = place;
  const ageMs = power === 'on' ? 0 : LONG_MS;
  const finding = power === 'on' ? 'reached' : 'silent';
  const decided = decide({
    self: leads ? nodeId : nodeIdAt(0),
    term: 1,
    watchedMs: LONG_MS,
    knownForMs: new Map([0, 1].map((place) => [nodeIdAt(place), LONG_MS])),
    nodes: [nodeValue(nodeIdAt(0)), nodeValue(nodeId)],
    leases: [{ nodeId, incarnation: INCARNATION, ageMs }],
    reports: [{ observer: nodeIdAt(0), probes: [{ nodeId, incarnation: INCARNATION, finding }] }],
    distrusted: new Map(),
    livenesses:
      verdict === 'none' ? [] : [entry('liveness', nodeId, livenessValue(nodeId, verdict), 1)],
  });
  const judgement = decided.find(
    (action) => action.type === 'judge' && action.liveness.nodeId === nodeId,
  );
  return judgement?.type === 'judge' ? judgement.liveness.verdict : verdict;
}

/** What the sponsor of a join does now. */
export interface HandoverStep {
  readonly handsOver: boolean;
  /** It removes the member of etcd that an earlier attempt left. */
  readonly removesMember: boolean;
}

const NOTHING: HandoverStep = { handsOver: false, removesMember: false };
const ADDRESS = '192.0.2.2';
/** An etcd that is not well keeps the learner out: `mayAddLearner`. */
const WELL: EtcdHealth = {
  members: [
    { id: '0', name: 'sponsor', peerUrls: [], learner: false, status: wellStatus('0', '0') },
  ],
  alarms: [],
};

/** Of the sponsor of the node at this place; `serves`: that sponsor is up and says that it serves. */
export function handoverStep(
  decide: Decisions['handover'],
  serves: boolean,
  { asked, recorded, member }: Place,
): HandoverStep {
  const { task } = asked ?? {};
  if (recorded?.name !== asked?.name) return NOTHING;
  const joinTask = task === 'promote' ? 'join-control-plane' : task;
  if (!recorded || (joinTask !== 'join-worker' && joinTask !== 'join-control-plane'))
    return NOTHING;
  const { progress, name } = recorded;
  const hasGivenUp = progress.state === 'gave-up';
  const host = { hostname: 'joining', addresses: [ADDRESS] };
  const join = {
    ...host,
    nodeId: nodeIdAt(1),
    operationId: name,
    task: joinTask,
    sealKey: '',
    attempt: Math.max(1, attemptOf(progress)),
    awaitsKeys: progress.state === 'intended',
  };
  const decided = decide({
    nodeId: nodeIdAt(0),
    serves,
    settled: true,
    wallMs: 0,
    joins: hasGivenUp || progress.state === 'succeeded' ? [] : [join],
    entries: [],
    givenUp: hasGivenUp ? [host] : [],
    nodes: [],
    members: member === 'none' ? [] : [{ id: '1', peerUrls: [`https://${ADDRESS}:2380`] }],
    etcd: WELL,
    tokens: [],
  });
  const remains = decided.some((action) => 'remains' in action && action.remains !== undefined);
  return {
    handsOver: !remains && decided.some(({ type }) => type === 'hand-over'),
    removesMember: remains,
  };
}

/** Whether anybody whom this node sponsors may count on it. */
export function sponsors(place: Place): boolean {
  const { said, parked } = place;
  return (
    isUp(place) && parked === 'none' && said?.phase === 'serving' && said.etcdMember !== 'none'
  );
}

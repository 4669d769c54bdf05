import { attemptOf } from '../../../machines/operation-progress.ts';
import { isDeparture } from '../../../state/departure.ts';
import type { DrainState } from '../../../state/drain-state.ts';
import type { Operation } from '../../../state/operation.ts';
import { parseCommand, parseUnitName } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { withMember } from '../known/maps.ts';
import { addressFacts, isEnrolledThere, isOfMove } from '../known/moves.ts';
import { isCoveredByOrder, orderedCommand, orderFacts } from '../known/ordered-commands.ts';
import { moment, nameOf, operationOf, progressOf } from '../known/questions.ts';
import { isDueRenewal, isKubeletLost, isUnorderedRenewal, leafFacts } from '../known/renewals.ts';
import { isToldToWarm, isWarming, warmingFacts } from '../known/warming.ts';
import { invariant, type Of } from '../rule.ts';

/** What was ever committed that allows something: `<operation>/<state>/<attempt>`, `balanced/<node>`, `sponsor/<node>`. */
type State = ReadonlySet<string>;

const initial: State = new Set();
const BALANCED = /^balancer\.(installed|server-added|file-written)$/;

/** The intent comes first: whoever reads the log knows of everything that may have been done. */
export const coveredEffects = invariant({
  id: 'S3',
  title: 'Every effect is covered',
  rule: 'No command, drain, token, load balancer server, cordon or removal of a member or Node happens before the log holds the entry that asks for it.',
  hears: ['log.committed', 'world', 'etcd.members'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return { state: afterCommit(state, entry), broken: uncoveredDrain(state, entry, known) };
      case 'world':
        return { state, broken: uncoveredChange(state, entry, known) };
      case 'etcd.members':
        return { state, broken: uncoveredRemoval(entry, known) };
    }
  },
});

function afterCommit(state: State, entry: Of<'log.committed'>): State {
  const { kind, key, value } = entry;
  if (value === null) return state;
  const facts = [
    ...orderFacts(entry),
    ...leafFacts(entry),
    ...warmingFacts(entry),
    ...addressFacts(entry),
  ].filter((fact) => !state.has(fact));
  if (facts.length > 0) return new Set([...state, ...facts]);
  if (kind === 'operation') return withMember(state, stepOf(value as Operation));
  if (kind !== 'assignment') return state;
  const { role, sponsor } = value as { role: string; sponsor: string | null };
  const balanced = role === 'control-plane' ? withMember(state, `balanced/${key}`) : state;
  return sponsor === null ? balanced : withMember(balanced, `sponsor/${sponsor}`);
}

function stepOf(operation: Operation): string {
  const progress = progressOf(operation);
  if (!progress) return `${operation.operationId}/unreadable`;
  return `${operation.operationId}/${progress.state}/${attemptOf(progress)}`;
}

function uncoveredChange(state: State, entry: Of<'world'>, known: Known): string | undefined {
  const { host, event, detail, atMs } = entry;
  if (event === 'operation.started') return uncoveredCommand(state, entry, known);
  if (event === 'token.created' && !mayMakeTokens(state, entry, known)) {
    return `${host} made token ${detail} at ${moment(atMs)}, and no entry made it anybody's sponsor`;
  }
  if (event === 'node.cordoned' && !isDraining(known, detail) && !isDeposed(known, detail)) {
    return `Node ${detail} was cordoned at ${moment(atMs)}, and nobody said that it gives its pods away`;
  }
  if (event === 'node.deleted' && !isAsked(known) && !isDeposed(known, detail)) {
    return `Node ${detail} was deleted at ${moment(atMs)}, and the log holds no operation under way`;
  }
  if (!BALANCED.test(event)) return undefined;
  const stranger = detail.split(' ').find((name) => name !== '' && !state.has(`balanced/${name}`));
  if (stranger === undefined) return undefined;
  return `the load balancer of ${host} got ${nameOf(known, stranger)} at ${moment(atMs)}, which no entry ever made a control plane`;
}

/** For a join, or for a kubelet that lost its certificate. */
function mayMakeTokens(state: State, entry: Of<'world'>, known: Known): boolean {
  const isSponsor = state.has(`sponsor/${known.nodeIds.get(entry.host)}`);
  return isSponsor || isKubeletLost(state, entry, known);
}

function uncoveredCommand(state: State, entry: Of<'world'>, known: Known) {
  const { host, detail, atMs } = entry;
  const { unit } = parseCommand(detail);
  const why = whyUncovered(state, unit, entry, known);
  return why && `${host} started ${unit} at ${moment(atMs)}${why}`;
}

function whyUncovered(state: State, unit: string, entry: Of<'world'>, known: Known) {
  const nodeId = known.nodeIds.get(entry.host);
  if (isUnorderedRenewal(unit)) {
    const isDue = isDueRenewal(state, unit, entry, known);
    return isDue ? undefined : ', and the log tells of nothing that is over';
  }
  if (isWarming(unit)) {
    const isTold = isToldToWarm(state, unit, nodeId);
    return isTold ? undefined : ', and had not told that it makes itself ready for a role';
  }
  if (isOfMove(unit)) {
    const isEnrolled = isEnrolledThere(state, unit, nodeId);
    return isEnrolled ? undefined : ', and the log never had it at that address';
  }
  const ordered = orderedCommand(unit);
  if (!ordered) return outsideOperation(state, unit, entry.host, known);
  const isCovered = isCoveredByOrder(state, ordered, nodeId);
  return isCovered ? undefined : ', which no order in the log asked for';
}

function outsideOperation(state: State, unit: string, host: string, known: Known) {
  const name = parseUnitName(unit);
  const operation = name && operationOf(known, host, name.operation)?.value;
  if (!name || !operation) return ' without an operation in the log';
  const needed = name.kind === 'reset' ? 'resetting' : 'running';
  const step = `${operation.operationId}/${needed}/${name.attempt}`;
  return state.has(step) ? undefined : `, and the log never said ${step}`;
}

function uncoveredDrain(
  state: State,
  { kind, key, value, atMs }: Of<'log.committed'>,
  known: Known,
) {
  if (kind !== 'drain' || value === null) return undefined;
  const { state: drain, operationId } = value as DrainState;
  if (drain === 'released' || state.has(`drains/${key}/${operationId}`)) return undefined;
  return `${nameOf(known, key)} was told to be ${drain} at ${moment(atMs)}, which no order in the log asked for`;
}

function uncoveredRemoval({ cluster, members, atMs }: Of<'etcd.members'>, known: Known) {
  const gone = (known.members.get(cluster) ?? []).find((member) =>
    members.every(({ host }) => host !== member.host),
  );
  if (gone === undefined || isAsked(known) || isDeposed(known, gone.host)) return undefined;
  return `the etcd member of ${gone.host} was removed at ${moment(atMs)}, and the log holds no operation under way`;
}

/** Cluster-wide acts belong to an operation of whichever node, also to one that was given up. */
function isAsked({ log }: Known): boolean {
  return [...log.operation.values()].some(({ value }) => progressOf(value)?.state !== 'succeeded');
}

/** Its sponsor said before that the machine of that name gives its pods away. */
function isDraining({ log }: Known, hostname: string): boolean {
  return [...log.drain.values()].some(({ value: { nodeId, state } }) => {
    return state === 'draining' && log.node.get(nodeId)?.value.hostname === hostname;
  });
}

/** The machine of that name was asked to give its place up, in whichever of its lives. */
function isDeposed({ log }: Known, hostname: string): boolean {
  return [...log.assignment.values()].some(({ value: { nodeId, task } }) => {
    return isDeparture(task) && log.node.get(nodeId)?.value.hostname === hostname;
  });
}

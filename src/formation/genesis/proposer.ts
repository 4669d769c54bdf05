import type { NodeId } from '../../state/node-id.ts';
import { type Ballot, compareBallots } from './ballot.ts';
import { learn } from './learner.ts';
import type { Accept, AcceptedReply, Nack, Prepare, PromiseReply } from './message.ts';
import { type Context, followedBy, type Outcome, sendToRoll, silently } from './outcome.ts';
import { enrol } from './roll.ts';
import type { GenesisState, Proposer } from './state.ts';
import { voteOnAccept, voteOnPrepare } from './vote.ts';

/** Starts phase 1 of a new ballot with the node's own promise. */
export function openBallot<V>(context: Context<V>, state: GenesisState<V>): Outcome<V> {
  const { config, rules, nowMs } = context;
  const prepare: Prepare = {
    type: 'prepare',
    epoch: config.instance.epoch,
    ballot: { round: nextRound(state), nodeId: config.nodeId },
    roll: state.acceptor.roll,
  };
  const own = voteOnPrepare(rules, state.acceptor, prepare);
  if (own.reply.type === 'nack') return retreat(context, state);

  const { ballot, roll } = prepare;
  const promises = [{ from: config.nodeId, accepted: own.reply.accepted }];
  const deadlineMs = nowMs + config.timings.ballotTimeoutMs;
  const proposer: Proposer<V> = { phase: 'preparing', ballot, roll, promises, deadlineMs };
  const opened = { ...state, acceptor: own.acceptor, proposer };
  const effects = sendToRoll(context, opened, prepare);
  return followedBy({ state: opened, effects }, (next) => requestAccepts(context, next));
}

export function onPromise<V>(
  context: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  { ballot, accepted }: PromiseReply<V>,
): Outcome<V> {
  const { proposer } = state;
  if (proposer.phase !== 'preparing' || !mayCount(proposer, ballot, from)) return silently(state);
  if (proposer.promises.some((promise) => promise.from === from)) return silently(state);
  const promises = [...proposer.promises, { from, accepted }];
  return requestAccepts(context, { ...state, proposer: { ...proposer, promises } });
}

export function onAccepted<V>(
  context: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  { ballot }: AcceptedReply,
): Outcome<V> {
  const { proposer } = state;
  if (proposer.phase !== 'accepting' || !mayCount(proposer, ballot, from)) return silently(state);
  if (proposer.acceptedBy.includes(from)) return silently(state);
  const acceptedBy = [...proposer.acceptedBy, from];
  return decide(context, { ...state, proposer: { ...proposer, acceptedBy } });
}

/** A ballot that somebody refused is given up; the next one goes higher and names more nodes. */
export function onNack<V>(
  context: Context<V>,
  state: GenesisState<V>,
  { ballot, promised, roll }: Nack,
): Outcome<V> {
  const { proposer, acceptor } = state;
  if (proposer.phase === 'idle' || compareBallots(proposer.ballot, ballot) !== 0) {
    return silently(state);
  }
  const enrolled = enrol(acceptor.roll, roll);
  return retreat(context, {
    ...state,
    acceptor: enrolled === acceptor.roll ? acceptor : { ...acceptor, roll: enrolled },
    highestRoundSeen: Math.max(state.highestRoundSeen, promised?.round ?? 0),
  });
}

export function retreat<V>(context: Context<V>, state: GenesisState<V>): Outcome<V> {
  const { config, nowMs, random } = context;
  const { backoffMs, maxBackoffMs } = config.timings;
  const limitMs = Math.min(backoffMs * 2 ** state.failedBallots, maxBackoffMs);
  return silently({
    ...state,
    proposer: { phase: 'idle' },
    failedBallots: state.failedBallots + 1,
    notBeforeMs: nowMs + limitMs * (0.5 + random / 2),
  });
}

/** Higher than any own ballot ever sent: the node had promised that one first, on disk. */
function nextRound<V>({ acceptor, highestRoundSeen }: GenesisState<V>): number {
  return Math.max(acceptor.promised?.round ?? 0, highestRoundSeen) + 1;
}

/** Phase 2, once a quorum has promised. */
function requestAccepts<V>(context: Context<V>, state: GenesisState<V>): Outcome<V> {
  const { config, rules } = context;
  const { proposer } = state;
  if (proposer.phase !== 'preparing') return silently(state);
  const { ballot, roll, promises, deadlineMs } = proposer;
  const promised = promises.map((promise) => promise.from);
  if (!rules.isQuorum(config.instance, roll, promised)) return silently(state);

  const bound = rules.binding(promises.map((promise) => promise.accepted));
  const value = bound
    ? bound.value
    : config.propose({ ballot, promised, reachable: state.reachable });
  const accept: Accept<V> = { type: 'accept', epoch: config.instance.epoch, ballot, roll, value };
  const own = voteOnAccept(rules, state.acceptor, accept);
  if (own.reply.type === 'nack') return retreat(context, state);

  const acceptedBy = [config.nodeId];
  const accepting: Proposer<V> = {
    phase: 'accepting',
    ballot,
    roll,
    value,
    acceptedBy,
    deadlineMs,
  };
  const next = { ...state, acceptor: own.acceptor, proposer: accepting };
  const effects = sendToRoll(context, next, accept);
  return followedBy({ state: next, effects }, (last) => decide(context, last));
}

/** The end, once a quorum has accepted. */
function decide<V>(context: Context<V>, state: GenesisState<V>): Outcome<V> {
  const { config, rules } = context;
  const { proposer } = state;
  if (proposer.phase !== 'accepting') return silently(state);
  const { roll, acceptedBy, value } = proposer;
  if (!rules.isQuorum(config.instance, roll, acceptedBy)) return silently(state);

  const { epoch } = config.instance;
  const effects = sendToRoll(context, state, { type: 'formed', epoch, value } as const);
  return followedBy({ state, effects }, (next) => learn(context, next, config.nodeId, value));
}

function mayCount<V>(
  { ballot, roll }: Exclude<Proposer<V>, { phase: 'idle' }>,
  answered: Ballot,
  from: NodeId,
): boolean {
  return compareBallots(ballot, answered) === 0 && roll.includes(from);
}

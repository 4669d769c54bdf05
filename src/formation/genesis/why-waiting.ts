import type { NodeId } from '../../state/node-id.ts';
import type { Ballot } from './ballot.ts';
import type { GenesisConfig } from './config.ts';
import type { Context } from './outcome.ts';
import { quorumSize } from './quorum.ts';
import { paxosRules, type Rules } from './rules.ts';
import type { GenesisState } from './state.ts';
import { type Obstacle, obstacle, turnAtMs } from './when-to-propose.ts';

const NAMES_SHOWN = 8;

export type WaitCause =
  | Obstacle
  | {
      readonly reason: 'ballot-open';
      readonly ballot: Ballot;
      readonly votes: number;
      readonly needed: number;
    }
  | { readonly reason: 'turn'; readonly untilMs: number };

export interface Waiting {
  readonly cause: WaitCause;
  /** Since when the reason is this one, on the clock of the inputs. */
  readonly sinceMs: number;
  /** One clause for people: what would end the wait. */
  readonly endsWhen: string;
}

/** What an unformed node waits for; undefined once formed. */
export function whyWaiting<V>(
  config: GenesisConfig<V>,
  state: GenesisState<V>,
  nowMs: number,
): Waiting | undefined {
  if (state.acceptor.formed) return undefined;
  const cause = waitCause(config, state, nowMs, paxosRules);
  return { cause, sinceMs: state.waiting.sinceMs, endsWhen: endOf(cause) };
}

/** Keeps the dates that `whyWaiting` and the head start are measured from. */
export function noteWaiting<V>(
  { config, rules, nowMs }: Context<V>,
  state: GenesisState<V>,
): GenesisState<V> {
  if (state.acceptor.formed) return state;
  const { reason } = waitCause(config, state, nowMs, rules);
  const isClear = reason === 'ballot-open' || reason === 'turn';
  const clearSinceMs = isClear ? (state.clearSinceMs ?? nowMs) : null;
  const waiting = reason === state.waiting.reason ? state.waiting : { reason, sinceMs: nowMs };
  if (waiting === state.waiting && clearSinceMs === state.clearSinceMs) return state;
  return { ...state, waiting, clearSinceMs };
}

function waitCause<V>(
  config: GenesisConfig<V>,
  state: GenesisState<V>,
  nowMs: number,
  rules: Rules,
): WaitCause {
  const found = obstacle(config, state, nowMs, rules);
  if (found) return found;
  const { proposer } = state;
  if (proposer.phase === 'idle') {
    return { reason: 'turn', untilMs: turnAtMs(config, state, nowMs) };
  }
  const { ballot, roll } = proposer;
  const voters = proposer.phase === 'preparing' ? proposer.promises : proposer.acceptedBy;
  const needed = quorumSize(config.instance, roll);
  return { reason: 'ballot-open', ballot, votes: voters.length, needed };
}

function endOf(cause: WaitCause): string {
  switch (cause.reason) {
    case 'log-may-come-up':
      return `the log of epoch ${cause.epoch} comes up, or is found never to have`;
    case 'record-elsewhere':
      return `${names(cause.holders)} hands over the genesis record it holds`;
    case 'too-few-nodes':
      return endOfTooFew(cause);
    case 'newcomers':
      return 'all expected nodes can be reached, or no new one comes for a moment';
    case 'replica-running':
      return `the log replicas of epoch ${cause.epoch} on this node are stopped for good`;
    case 'ballot-open':
      return `${cause.needed} nodes vote for ballot ${cause.ballot.round}, or it times out`;
    case 'turn':
      return 'another node finishes its ballot, or this one may open its own';
  }
}

function endOfTooFew(cause: Extract<WaitCause, { reason: 'too-few-nodes' }>): string {
  const { reachable, needed, silent } = cause;
  const missing = needed - reachable;
  if (missing <= 0) return `${names(silent)} can be reached: too few replicas of the old log are`;
  const known = silent.length === 0 ? '' : `; not reachable now: ${names(silent)}`;
  return `${missing} more can be reached (${reachable} of the ${needed} needed are)${known}`;
}

function names(nodeIds: readonly NodeId[]): string {
  const more = nodeIds.length - NAMES_SHOWN;
  const shown = nodeIds.slice(0, NAMES_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

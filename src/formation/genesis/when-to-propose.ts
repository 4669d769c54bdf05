import type { NodeId } from '../../state/node-id.ts';
import type { GenesisConfig } from './config.ts';
import { quorumSize } from './quorum.ts';
import type { Rules } from './rules.ts';
import type { GenesisState } from './state.ts';

/** What keeps a node from proposing, whoever's turn it is. */
export type Obstacle =
  | { readonly reason: 'log-may-come-up'; readonly epoch: number }
  | { readonly reason: 'record-elsewhere'; readonly holders: readonly NodeId[] }
  | {
      readonly reason: 'too-few-nodes';
      readonly reachable: number;
      readonly needed: number;
      readonly expected: number;
      /** Heard of, and not to be reached now. */
      readonly silent: readonly NodeId[];
    }
  | { readonly reason: 'newcomers'; readonly untilMs: number }
  | { readonly reason: 'replica-running'; readonly epoch: number };

/** Undefined when nothing keeps an unformed node from proposing. */
export function obstacle<V>(
  config: GenesisConfig<V>,
  state: GenesisState<V>,
  nowMs: number,
  rules: Rules,
): Obstacle | undefined {
  const { nodeId, instance } = config;
  const { acceptor, reachable, holders, logIsDead } = state;
  const { replaces } = instance;
  if (replaces !== null && !logIsDead) return { reason: 'log-may-come-up', epoch: replaces.epoch };

  if (holders.length > 0) return { reason: 'record-elsewhere', holders };
  if (!rules.isQuorum(instance, acceptor.roll, reachable)) return tooFew(config, state);

  const untilMs = mayMoreComeUntilMs(config, state);
  if (nowMs < untilMs) return { reason: 'newcomers', untilMs };

  if (replaces === null || rules.mayVote(instance, nodeId, acceptor, logIsDead)) return undefined;
  return { reason: 'replica-running', epoch: replaces.epoch };
}

/** When this node may open a ballot, if nothing comes in between. */
export function turnAtMs<V>(
  config: GenesisConfig<V>,
  state: GenesisState<V>,
  nowMs: number,
): number {
  const headStartsMs = state.reachable.indexOf(config.nodeId) * config.timings.headStartMs;
  return Math.max(state.notBeforeMs, (state.clearSinceMs ?? nowMs) + headStartsMs);
}

/**
 * Until all expected nodes can be reached, more may come: those that were only heard of, too. A node
 * that expects nobody else cannot tell by counting whether it is the first, so it listens as well.
 */
function mayMoreComeUntilMs<V>(
  { instance: { expectedNodes }, timings }: GenesisConfig<V>,
  { acceptor: { roll }, reachable, lastNewcomerMs }: GenesisState<V>,
): number {
  if (expectedNodes === 1 && roll.length === 1) return lastNewcomerMs + timings.listenMs;
  const areAllHere = expectedNodes > 1 && reachable.length >= expectedNodes;
  return areAllHere ? Number.NEGATIVE_INFINITY : lastNewcomerMs + timings.quietMs;
}

function tooFew<V>(
  { instance }: GenesisConfig<V>,
  { acceptor, reachable }: GenesisState<V>,
): Obstacle {
  return {
    reason: 'too-few-nodes',
    reachable: reachable.length,
    needed: quorumSize(instance, acceptor.roll),
    expected: instance.expectedNodes,
    silent: acceptor.roll.filter((nodeId) => !reachable.includes(nodeId)),
  };
}

import type { NodeId } from '../../state/node-id.ts';
import type { GenesisConfig } from './config.ts';
import type { Effect } from './effect.ts';
import type { Message } from './message.ts';
import type { Rules } from './rules.ts';
import type { GenesisState } from './state.ts';

export interface Context<V> {
  readonly config: GenesisConfig<V>;
  readonly rules: Rules;
  readonly nowMs: number;
  readonly random: number;
}

export interface Outcome<V> {
  readonly state: GenesisState<V>;
  readonly effects: readonly Effect<V>[];
}

/** A move of which nobody else need hear. */
export function silently<V>(state: GenesisState<V>): Outcome<V> {
  return { state, effects: [] };
}

/** Runs `then` on what `first` left behind; the effects of both follow each other. */
export function followedBy<V>(
  first: Outcome<V>,
  then: (state: GenesisState<V>) => Outcome<V>,
): Outcome<V> {
  const second = then(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

export function sendTo<V>(to: readonly NodeId[], message: Message<V>): readonly Effect<V>[] {
  return to.map((nodeId) => ({ type: 'send', to: nodeId, message }));
}

/** To everybody this node ever heard of, itself excepted. */
export function sendToRoll<V>(
  { config: { nodeId } }: Context<V>,
  { acceptor }: GenesisState<V>,
  message: Message<V>,
): readonly Effect<V>[] {
  return sendTo(
    acceptor.roll.filter((other) => other !== nodeId),
    message,
  );
}

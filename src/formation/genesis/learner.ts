import type { NodeId } from '../../state/node-id.ts';
import type { Formed } from './message.ts';
import { type Context, type Outcome, sendTo, silently } from './outcome.ts';
import type { GenesisState } from './state.ts';

/** Takes a decision over for good; a second, different one is only reported. */
export function learn<V>(
  { config }: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  value: V,
): Outcome<V> {
  const { formed } = state.acceptor;
  if (formed === null) {
    const acceptor = { ...state.acceptor, formed: { value } };
    return {
      state: { ...state, acceptor, proposer: { phase: 'idle' } },
      effects: [{ type: 'formed', value }],
    };
  }
  if (config.idOf(formed.value) === config.idOf(value)) return silently(state);
  return { state, effects: [{ type: 'foreign-record', from, value }] };
}

/** All that a formed node has to say. */
export function tell<V>(state: GenesisState<V>, value: V, to: readonly NodeId[]): Outcome<V> {
  const message: Formed<V> = { type: 'formed', epoch: state.acceptor.epoch, value };
  return { state, effects: sendTo(to, message) };
}

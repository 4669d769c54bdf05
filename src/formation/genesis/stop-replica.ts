import { type Context, type Outcome, silently } from './outcome.ts';
import type { GenesisState } from './state.ts';

/** Asks once in the life of the process; a later process asks again. */
export function requestStop<V>(state: GenesisState<V>, epoch: number): Outcome<V> {
  if (state.stopRequested) return silently(state);
  return { state: { ...state, stopRequested: true }, effects: [{ type: 'stop-replica', epoch }] };
}

export function onReplicaStopped<V>(
  { config }: Context<V>,
  state: GenesisState<V>,
  epoch: number,
): Outcome<V> {
  const { acceptor } = state;
  if (config.instance.replaces?.epoch !== epoch || acceptor.replicasStopped) {
    return silently(state);
  }
  return silently({ ...state, acceptor: { ...acceptor, replicasStopped: true } });
}

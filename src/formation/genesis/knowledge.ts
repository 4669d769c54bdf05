import type { NodeId } from '../../state/node-id.ts';
import type { Peer } from './input.ts';
import { tell } from './learner.ts';
import { type Context, type Outcome, silently } from './outcome.ts';
import { enrol } from './roll.ts';
import type { GenesisState } from './state.ts';

/** Whoever is new goes on the roll, and so to disk; a formed node tells those that are not. */
export function onKnowledge<V>(
  { config, nowMs }: Context<V>,
  state: GenesisState<V>,
  view: readonly Peer[],
): Outcome<V> {
  const peers = view.filter((peer) => peer.nodeId !== config.nodeId);
  const answering = peers.filter((peer) => peer.reachable);
  const known = {
    ...state,
    reachable: [config.nodeId, ...nodeIdsOf(answering)].sort(),
    holders: nodeIdsOf(peers.filter((peer) => peer.formed)),
  };
  const { acceptor } = state;
  if (acceptor.formed) {
    const unaware = answering.filter((peer) => !peer.formed);
    return tell(known, acceptor.formed.value, nodeIdsOf(unaware));
  }
  const roll = enrol(acceptor.roll, nodeIdsOf(peers));
  if (roll === acceptor.roll) return silently(known);
  return silently({ ...known, acceptor: { ...acceptor, roll }, lastNewcomerMs: nowMs });
}

function nodeIdsOf(peers: readonly Peer[]): NodeId[] {
  return peers.map((peer) => peer.nodeId);
}

import type { NodeId } from '../../state/node-id.ts';
import { tell } from './learner.ts';
import type { Accept, Prepare } from './message.ts';
import { type Context, type Outcome, sendTo, silently } from './outcome.ts';
import type { GenesisState } from './state.ts';
import { requestStop } from './stop-replica.ts';
import { voteOnAccept, voteOnPrepare } from './vote.ts';

/** Another node's ballot asks for this node's vote. After a yes it is left time to finish. */
export function onRequest<V>(
  context: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  request: Prepare | Accept<V>,
): Outcome<V> {
  const { config, rules, nowMs } = context;
  const { acceptor, logIsDead } = state;
  if (request.ballot.nodeId !== from) return silently(state);
  if (!rules.mayVote(config.instance, config.nodeId, acceptor, logIsDead)) {
    return withholdVote(context, state, from);
  }
  const { acceptor: bound, reply } =
    request.type === 'prepare'
      ? voteOnPrepare(rules, acceptor, request)
      : voteOnAccept(rules, acceptor, request);
  const effects = sendTo([from], reply);
  if (reply.type === 'nack') return { state, effects };
  const notBeforeMs = Math.max(state.notBeforeMs, nowMs + config.timings.ballotTimeoutMs);
  return { state: { ...state, acceptor: bound, notBeforeMs }, effects };
}

function withholdVote<V>({ config }: Context<V>, state: GenesisState<V>, from: NodeId): Outcome<V> {
  const { formed } = state.acceptor;
  if (formed) return tell(state, formed.value, [from]);
  const { replaces } = config.instance;
  if (replaces === null || !state.logIsDead) return silently(state);
  return requestStop(state, replaces.epoch);
}

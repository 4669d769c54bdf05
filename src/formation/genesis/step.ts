import type { NodeId } from '../../state/node-id.ts';
import type { GenesisConfig } from './config.ts';
import type { Input } from './input.ts';
import { onKnowledge } from './knowledge.ts';
import { learn, tell } from './learner.ts';
import type { AcceptedReply, Message, Nack, PromiseReply } from './message.ts';
import { type Context, type Outcome, silently } from './outcome.ts';
import { onAccepted, onNack, onPromise, openBallot, retreat } from './proposer.ts';
import { onRequest } from './request.ts';
import { paxosRules, type Rules } from './rules.ts';
import type { GenesisState } from './state.ts';
import { onReplicaStopped, requestStop } from './stop-replica.ts';
import { obstacle, turnAtMs } from './when-to-propose.ts';
import { noteWaiting } from './why-waiting.ts';

/**
 * One step of genesis: durable single-decree Paxos in which every node is proposer, acceptor and
 * learner at once. Pure; clock, randomness, network and disk belong to the driver:
 *
 *     const stored = await durable.read('genesis-1', acceptorSchema(genesisRecordSchema));
 *     let state = startGenesis(config, stored ?? null, clock.nowMs());
 *     for await (const happening of inbox) {
 *       const at = { nowMs: clock.nowMs(), random: random.number() };
 *       const result = step(config, state, { ...happening, ...at });
 *       state = result.state;
 *       for (const effect of result.effects) await perform(effect);
 *     }
 *
 * What the driver owes:
 * - One input at a time, its effects in order and each to its end before the next input. `persist`
 *   is always the first: the sends after it are only true once it is on disk. If a write fails,
 *   the process stops, and a new one starts from what the disk holds.
 * - A send is handed to the network without waiting for the answer. It may be lost, doubled, late.
 * - `from` of a message is authenticated, the message is checked with `messageSchema`, and each
 *   epoch has its own config, state and file. Peers with another token digest are left out.
 * - A `tick` every 100 ms until formed; `knowledge` whenever the view of the peers changed, and
 *   every 500 ms while some of them have not formed: that is how they get the record.
 * - An instance for epoch e + 1 is made of the record of epoch e. A node without that record may
 *   make one only to keep a `formed` of e + 1, which ends everything before it.
 */
export function step<V>(
  config: GenesisConfig<V>,
  state: GenesisState<V>,
  input: Input<V>,
  rules: Rules = paxosRules,
): Outcome<V> {
  const { nowMs, random } = input;
  const context = { config, rules, nowMs, random };
  const reaction = react(context, state, input);
  const next = noteWaiting(context, reaction.state);
  const { acceptor } = next;
  if (acceptor === state.acceptor) return { state: next, effects: reaction.effects };
  return { state: next, effects: [{ type: 'persist', acceptor }, ...reaction.effects] };
}

function react<V>(context: Context<V>, state: GenesisState<V>, input: Input<V>): Outcome<V> {
  switch (input.type) {
    case 'tick':
      return onTick(context, state);
    case 'knowledge':
      return onKnowledge(context, state, input.peers);
    case 'message':
      return onMessage(context, state, input.from, input.message);
    case 'log-never-formed':
      return silently({ ...state, logIsDead: true });
    case 'log-formed':
      return silently({ ...state, logIsDead: false, stopRequested: false });
    case 'replica-stopped':
      return onReplicaStopped(context, state, input.epoch);
  }
}

function onTick<V>(context: Context<V>, state: GenesisState<V>): Outcome<V> {
  const { config, rules, nowMs } = context;
  const { proposer, acceptor } = state;
  if (acceptor.formed) return silently(state);
  if (proposer.phase !== 'idle') {
    return nowMs < proposer.deadlineMs ? silently(state) : retreat(context, state);
  }
  const found = obstacle(config, state, nowMs, rules);
  if (found?.reason === 'replica-running') return requestStop(state, found.epoch);
  if (found || nowMs < turnAtMs(config, state, nowMs)) return silently(state);
  return openBallot(context, state);
}

function onMessage<V>(
  context: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  message: Message<V>,
): Outcome<V> {
  if (message.epoch !== context.config.instance.epoch) return silently(state);
  switch (message.type) {
    case 'formed':
      return learn(context, state, from, message.value);
    case 'prepare':
    case 'accept':
      return onRequest(context, state, from, message);
    default:
      return onReply(context, state, from, message);
  }
}

function onReply<V>(
  context: Context<V>,
  state: GenesisState<V>,
  from: NodeId,
  reply: PromiseReply<V> | AcceptedReply | Nack,
): Outcome<V> {
  const { formed } = state.acceptor;
  if (formed) return tell(state, formed.value, [from]);
  switch (reply.type) {
    case 'promise':
      return onPromise(context, state, from, reply);
    case 'accepted':
      return onAccepted(context, state, from, reply);
    case 'nack':
      return onNack(context, state, reply);
  }
}

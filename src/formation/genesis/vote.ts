import type { Acceptor } from './acceptor.ts';
import { type Ballot, compareBallots } from './ballot.ts';
import type { Accept, AcceptedReply, Nack, Prepare, PromiseReply } from './message.ts';
import type { Roll } from './roll.ts';
import type { Rules } from './rules.ts';

export interface Vote<V, Yes> {
  /** The same object when nothing changed, so that nothing need be written again. */
  readonly acceptor: Acceptor<V>;
  readonly reply: Yes | Nack;
}

/** Phase 1: a yes binds the node to refuse every lower ballot, and to the ballot's roll. */
export function voteOnPrepare<V>(
  rules: Rules,
  acceptor: Acceptor<V>,
  { epoch, ballot, roll }: Prepare,
): Vote<V, PromiseReply<V>> {
  if (!rules.mayAnswer(acceptor, ballot, roll)) return refusal(acceptor, ballot);
  const { accepted } = acceptor;
  return {
    acceptor: bind(acceptor, ballot, roll),
    reply: { type: 'promise', epoch, ballot, accepted },
  };
}

/** Phase 2: a yes of a quorum decides the value. */
export function voteOnAccept<V>(
  rules: Rules,
  acceptor: Acceptor<V>,
  { epoch, ballot, roll, value }: Accept<V>,
): Vote<V, AcceptedReply> {
  if (!rules.mayAnswer(acceptor, ballot, roll)) return refusal(acceptor, ballot);
  const reply: AcceptedReply = { type: 'accepted', epoch, ballot };
  const isRepeat = compareBallots(acceptor.accepted?.ballot ?? null, ballot) === 0;
  if (isRepeat) return { acceptor, reply };
  return { acceptor: { ...bind(acceptor, ballot, roll), accepted: { ballot, value } }, reply };
}

function bind<V>(acceptor: Acceptor<V>, promised: Ballot, roll: Roll): Acceptor<V> {
  const isRepeat =
    compareBallots(acceptor.promised, promised) === 0 && acceptor.roll.length === roll.length;
  return isRepeat ? acceptor : { ...acceptor, promised, roll };
}

function refusal<V>(acceptor: Acceptor<V>, ballot: Ballot): Vote<V, never> {
  const { epoch, promised, roll } = acceptor;
  return { acceptor, reply: { type: 'nack', epoch, ballot, promised, roll } };
}

import { type Ballot, compareBallots } from '../../../formation/genesis/ballot.ts';
import type { Message } from '../../../formation/genesis/message.ts';
import type { Invariant } from '../transition-system.ts';
import type { FormationState } from './formation-state.ts';
import type { Participant, Value } from './participant.ts';

/** A node moved, by a step or by a crash, and this left it. */
export interface Moved {
  readonly before: Participant;
  readonly after: Participant;
  readonly sent: readonly Message<Value>[];
  readonly announced: string | null;
}

export type FormationInvariant = Invariant<FormationState, Moved>;

export const formationInvariants: readonly FormationInvariant[] = [
  {
    id: 'S1',
    says: 'there is at most one genesis record',
    brokenBy: ({ announced }, { deeds }) => {
      const other = deeds.find((deed) => deed.announced !== null && deed.announced !== announced);
      if (announced === null || !other) return undefined;
      return `#${other.before.node} announces the record ${other.announced} after another one, ${announced}`;
    },
  },
  {
    id: 'S9',
    says: 'a formed node keeps its record, and takes no part in genesis any more',
    brokenBy: (_, { deeds }) => firstOf(deeds, changedRecord),
  },
  {
    id: 'S19',
    says: 'a promise is kept, whatever crashes',
    brokenBy: (_, { deeds }) => firstOf(deeds, brokenPromise),
  },
];

function firstOf(deeds: readonly Moved[], broken: (deed: Moved) => string | undefined) {
  return deeds.map(broken).find((sentence) => sentence !== undefined);
}

function changedRecord({ before, after, sent }: Moved): string | undefined {
  const { formed } = before.genesis.acceptor;
  if (formed === null) return undefined;
  const now = after.genesis.acceptor.formed;
  if (now?.value.id !== formed.value.id) {
    return `#${before.node} had the record ${formed.value.id}, and has ${now?.value.id ?? 'none'} now`;
  }
  const said = sent.find(({ type }) => type !== 'formed');
  return said && `#${before.node} has a record and sends ${said.type}`;
}

function brokenPromise({ before, after, sent }: Moved): string | undefined {
  const promised = before.genesis.acceptor.promised;
  const kept = after.genesis.acceptor.promised;
  if (compareBallots(kept, promised) < 0) {
    return `#${before.node} promised ${told(promised)}, and holds ${told(kept)} now`;
  }
  const answers = sent.filter(({ type }) => type === 'promise' || type === 'accepted');
  for (const answer of answers) {
    if (answer.type !== 'promise' && answer.type !== 'accepted') continue;
    if (compareBallots(answer.ballot, promised) < 0) {
      return `#${before.node} promised ${told(promised)}, and says ${answer.type} to ${told(answer.ballot)}`;
    }
    if (compareBallots(kept, answer.ballot) < 0) {
      return `#${before.node} says ${answer.type} to ${told(answer.ballot)}, and its disk knows nothing of it`;
    }
  }
  return undefined;
}

function told(ballot: Ballot | null): string {
  return ballot ? `ballot ${ballot.round} of ${ballot.nodeId}` : 'none';
}

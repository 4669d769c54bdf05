import { compareBallots } from '../../../../src/formation/genesis/ballot.ts';
import { covers } from '../../../../src/formation/genesis/roll.ts';
import { paxosRules, type Rules } from '../../../../src/formation/genesis/rules.ts';
import type { Scope } from './search.ts';

/** A genesis with one thing wrong, and a scope in which that must show. */
export interface Mutant extends Scope {
  readonly name: string;
}

const three = { expectedNodes: 3, ballots: [1, 1, 0], crashes: 1 };
const everyone = [0, 1, 2, 3, 4];
const surplus = { expectedNodes: 3, ballots: [1, 1, 0, 0], crashes: 0 };

function broken(change: Partial<Rules>): { readonly rules: Rules } {
  return { rules: { ...paxosRules, ...change } };
}

export const mutants: readonly Mutant[] = [
  { name: 'the disk forgets what was promised and accepted', ...three, disk: 'forgets' },
  { name: 'the answer leaves before the promise is on disk', ...three, disk: 'persists-last' },
  {
    name: 'a voter answers ballots below its promise',
    ...three,
    ...broken({ mayAnswer: (own, _, roll) => covers(roll, own.roll) }),
  },
  {
    name: 'a proposer ignores what its quorum has accepted',
    ...three,
    ...broken({ binding: () => null }),
  },
  {
    name: 'a proposer repeats the first accepted proposal reported instead of the highest',
    ...three,
    ballots: [2, 1, 0],
    ...broken({ binding: (reported) => reported.find((proposal) => proposal !== null) ?? null }),
  },
  {
    name: 'half of the nodes are a quorum',
    ...three,
    ballots: [1, 1, 0, 0],
    expectedNodes: 4,
    ...broken({ isQuorum: (_, roll, voters) => voters.length >= roll.length / 2 }),
  },
  {
    name: 'a formed node goes on voting',
    ...three,
    ...broken({ mayVote: () => true }),
  },
  {
    name: 'surplus nodes do not raise the quorum',
    ...surplus,
    ...broken({
      isQuorum: ({ expectedNodes }, _, voters) => voters.length > expectedNodes / 2,
    }),
  },
  {
    name: 'surplus nodes raise the quorum to a majority only',
    expectedNodes: 3,
    ballots: [1, 0, 1, 0, 0],
    crashes: 0,
    heardOf: [[0, 1, 2], [0, 1, 2], everyone, everyone, everyone],
    ...broken({ isQuorum: (_, roll, voters) => voters.length > roll.length / 2 }),
  },
  {
    name: 'a voter answers ballots that leave out nodes it knows',
    ...surplus,
    heardOf: [[0, 2], [1, 3], everyone, everyone],
    ...broken({ mayAnswer: (own, ballot) => compareBallots(ballot, own.promised) >= 0 }),
  },
];

import { compareBallots } from '../../../src/formation/genesis/ballot.ts';
import { paxosRules, type Rules } from '../../../src/formation/genesis/rules.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import type { Formation } from '../../../src/simulation/exploration/formation/participant.ts';
import {
  agentFormation,
  type FormationScope,
  formationSystem,
} from '../../../src/simulation/exploration/formation/system.ts';
import type { Mutant } from './mutant.ts';

function mutant(
  name: string,
  breaks: string,
  scope: FormationScope,
  change: Partial<Formation>,
): Mutant {
  const only = [breaks];
  const formation = { ...agentFormation, ...change };
  return {
    name,
    breaks,
    explore: () => explore(formationSystem({ ...scope, only, formation })),
    exploreSound: () => explore(formationSystem({ ...scope, only })),
  };
}

function broken(change: Partial<Rules>): Partial<Formation> {
  return { rules: { ...paxosRules, ...change } };
}

const sendsFirst: Formation['inOrder'] = (effects) => [
  ...effects.filter(({ type }) => type !== 'persist'),
  ...effects.filter(({ type }) => type === 'persist'),
];

export const formationMutants: readonly Mutant[] = [
  mutant(
    'half of the nodes are a quorum',
    'S1',
    { ballots: [1, 1] },
    broken({ isQuorum: (_, roll, voters) => voters.length >= roll.length / 2 }),
  ),
  mutant(
    'a proposer ignores what its quorum has accepted',
    'S1',
    { ballots: [1, 1, 0] },
    broken({ binding: () => null }),
  ),
  mutant(
    'the one node that two majorities of five share forgets what it promised',
    'S1',
    {
      ballots: [1, 1, 0, 0, 0],
      crashes: 1,
      cuts: [
        [0, 1],
        [0, 4],
        [1, 2],
      ],
    },
    { isDurable: false },
  ),
  mutant(
    'a disk forgets its genesis record',
    'S9',
    { ballots: [1, 0], crashes: 1 },
    {
      isDurable: false,
    },
  ),
  mutant(
    'a formed node goes on voting',
    'S9',
    { ballots: [1, 1, 0] },
    broken({ mayVote: () => true }),
  ),
  mutant(
    'a disk forgets what was promised',
    'S19',
    { ballots: [1, 0], crashes: 1 },
    {
      isDurable: false,
    },
  ),
  mutant(
    'an answer leaves before it is on disk',
    'S19',
    { ballots: [1, 0], crashes: 1 },
    {
      inOrder: sendsFirst,
    },
  ),
  mutant(
    'a voter answers ballots below its promise',
    'S19',
    { ballots: [1, 1, 0] },
    broken({ mayAnswer: () => true }),
  ),
  mutant(
    'a voter refuses the second phase of the ballot that it promised',
    'goal',
    { ballots: [1, 1] },
    broken({ mayAnswer: (own, ballot) => compareBallots(ballot, own.promised) > 0 }),
  ),
];

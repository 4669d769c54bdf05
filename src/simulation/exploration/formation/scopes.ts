import type { FormationScope } from './system.ts';

/** One exploration of genesis. */
export interface NamedScope {
  readonly name: string;
  readonly scope: FormationScope;
  /** Present: it has more states than any machine has memory, and so many are looked at. */
  readonly sampleStates?: number;
}

/** Up to three nodes show most there is to genesis: two that propose, and one between them. */
const FEW: readonly (readonly number[])[] = [[2], [2, 1], [1, 1, 0]];

const MOST_NODES = 5;
/** Some half a minute, and half a gigabyte. */
const SAMPLE_STATES = 400_000;
/** Majorities of five that share one node: the first hears 1, 3 and 4, the second 2, 4 and 5. */
const ONE_SHARED = [
  [0, 1],
  [0, 4],
  [1, 2],
] as const;

/**
 * What is explored of genesis among so many nodes, one to five, the small before the large. With four
 * or five, two that propose have to do without faults, or without hearing all others.
 */
export function formationScopes(nodes: number, crashes: number): readonly NamedScope[] {
  const faults = { crashes: Math.min(crashes, 1), losses: 1 };
  const few = {
    name: 'genesis',
    scope: { ballots: FEW[Math.min(nodes, FEW.length) - 1] ?? [], ...faults },
  };
  if (nodes <= FEW.length) return [few];

  const all = { ...faults, duplicates: 1 };
  const two = proposers(2, nodes);
  return [
    few,
    { name: 'genesis; one of all proposes', scope: { ballots: proposers(1, nodes), ...all } },
    ...(nodes === MOST_NODES
      ? [
          {
            name: 'genesis; two propose that do not hear each other',
            scope: { ballots: two, cuts: [[0, 1]] as const },
          },
          {
            name: 'genesis; two propose, to majorities that share one node',
            scope: { ballots: two, cuts: ONE_SHARED, ...all },
          },
        ]
      : []),
    {
      name: 'genesis; two of all propose',
      scope: { ballots: two },
      ...(nodes === MOST_NODES && { sampleStates: SAMPLE_STATES }),
    },
  ];
}

function proposers(count: number, nodes: number): readonly number[] {
  return Array.from({ length: nodes }, (_, node) => Number(node < count));
}

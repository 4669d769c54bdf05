/** What the list of invariants asks beyond what a trace can tell, and who checks it instead. */
interface Unchecked {
  readonly id: string;
  readonly what: string;
  readonly why: string;
}

export const unchecked: readonly Unchecked[] = [
  {
    id: 'L13',
    what: 'a bad edit is refused within 1 s, with its reason',
    why: 'a refused edit never reaches the log, and the answer goes to a person: test/process/bad-spec.test.ts',
  },
  {
    id: 'S12',
    what: 'environments, core dumps and packets',
    why: 'a simulated process has none: the process tests look at /proc',
  },
  {
    id: 'S14',
    what: 'bounded memory and processor time under a flood',
    why: 'virtual time costs nothing: test/process/flooded-discovery.test.ts and test/process/hostile-peers.test.ts',
  },
  {
    id: 'S20',
    what: 'back-off and retry limit of replacements',
    why: 'both belong to the operation, whose attempts S24 counts',
  },
  {
    id: 'L4',
    what: 'the median of 2 s',
    why: 'a trace is one run: the bound is on the slowest, and benchmarks print medians',
  },
  {
    id: 'L11',
    what: 'no connection of another server breaks',
    why: 'simulated load balancers carry no connections: test/adapters/haproxy-balancer.test.ts',
  },
];

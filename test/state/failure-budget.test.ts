import { describe, expect, test } from '@jest/globals';
import { budgetSentence, frozenSentence } from '../../src/state/budget-sentence.ts';
import { type FailureBudget, failureBudget } from '../../src/state/failure-budget.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  liveness,
  node,
  served,
} from '../support/controllers-entries.ts';

type Part = 'cp' | 'worker' | 'spare' | 'joining';

interface Machine {
  readonly is: Part;
  readonly zone?: string;
  readonly verdict?: 'alive' | 'suspect' | 'dead' | 'unknown';
  readonly etcdMember?: 'none' | 'learner' | 'voter';
  readonly apiServerReady?: boolean;
  readonly retired?: 'asked' | 'departed';
  /** A new incarnation, which has reported nothing. */
  readonly cameBackEmpty?: boolean;
}

const cp: Machine = { is: 'cp' };
const worker: Machine = { is: 'worker' };
const dead = { verdict: 'dead' } as const;

/** n1, n2 … in this order; replicas of the log by number of their node. */
function budgetOf(machines: readonly Machine[], replicas: readonly number[]): FailureBudget | null {
  const numbered = machines.map((machine, index) => ({ machine, number: index + 1 }));
  const given = numbered.map(({ machine, number }) => assignmentOf(machine, number));
  return failureBudget({
    nodes: numbered.map(({ machine, number }) =>
      entry(
        'node',
        node(number, { zone: machine.zone ?? '', incarnation: machine.cameBackEmpty ? 2 : 1 }),
      ),
    ),
    livenesses: numbered.flatMap(({ machine: { verdict = 'alive' }, number }) =>
      verdict === 'unknown' ? [] : [entry('liveness', liveness(number, { verdict }))],
    ),
    assignments: given.flatMap((each) => (each ? [entry('assignment', each)] : [])),
    statuses: numbered.flatMap(({ machine }, index) => {
      const base = given[index];
      if (base === undefined || machine.is === 'joining') return [];
      const whole = served(machine.is === 'cp' ? { ...base, role: 'control-plane' } : base);
      const { etcdMember = whole.kubernetes.etcdMember } = machine;
      const { apiServerReady = whole.kubernetes.apiServerReady } = machine;
      const kubernetes = { ...whole.kubernetes, etcdMember, apiServerReady };
      return [entry('status', { ...whole, kubernetes })];
    }),
    departures: numbered.flatMap(({ machine: { retired }, number }) =>
      retired === 'departed' ? [entry('departure', departure(number))] : [],
    ),
    requests: [],
    replicas: replicas.map((number) => ({ nodeId: id(number) })),
  });
}

function assignmentOf({ is, retired }: Machine, number: number) {
  if (retired) return assignment(number, { operationId: 'retire', task: 'retire', role: 'spare' });
  if (is === 'cp') return number === 1 ? initAssignment(1) : controlPlaneAssignment(number);
  if (is === 'joining') return controlPlaneAssignment(number);
  return is === 'worker' ? assignment(number) : undefined;
}

function departure(number: number) {
  return {
    nodeId: id(number),
    incarnation: 1,
    operationId: 'retire',
    by: id(1),
    state: 'done' as const,
    waiting: null,
  };
}

interface Row {
  readonly when: string;
  readonly machines: readonly Machine[];
  readonly replicas: readonly number[];
  readonly sentence: string;
}

describe('what may be lost now', () => {
  test.each<Row>([
    {
      when: 'one control plane carries everything',
      machines: [cp],
      replicas: [1, 1, 1],
      sentence: 'nothing; not n1',
    },
    {
      when: 'one control plane and workers that share the log',
      machines: [cp, worker, worker],
      replicas: [1, 2, 3],
      sentence: 'any 1 worker; not n1',
    },
    {
      when: 'one control plane and workers that hold nothing',
      machines: [cp, worker, worker],
      replicas: [1, 1, 1],
      sentence: '2 workers; not n1',
    },
    {
      when: 'three control planes and three workers',
      machines: [cp, cp, cp, worker, worker, worker],
      replicas: [1, 2, 3],
      sentence: 'any 1 control plane, 3 workers',
    },
    {
      when: 'five control planes, where the log bears less than etcd',
      machines: [cp, cp, cp, cp, cp],
      replicas: [1, 2, 3],
      sentence: 'any 1 control plane',
    },
    {
      when: 'five control planes with the log elsewhere',
      machines: [cp, cp, cp, cp, cp, worker, worker, worker],
      replicas: [6, 7, 8],
      sentence: 'any 2 control planes, any 1 worker',
    },
    {
      when: 'two replicas of the log stand on one of three control planes',
      machines: [cp, cp, cp],
      replicas: [1, 1, 2],
      sentence: 'n2 or n3; not n1',
    },
    {
      when: 'one of three control planes is dead',
      machines: [cp, { ...cp, ...dead }, cp, worker],
      replicas: [1, 3, 4],
      sentence: '1 worker; not n1, n3',
    },
    {
      when: 'one of three control planes is suspected: unknown counts as unhealthy',
      machines: [cp, { ...cp, verdict: 'suspect' }, cp],
      replicas: [1, 2, 3],
      sentence: 'nothing; not n1, n3',
    },
    {
      when: 'one of three was not judged yet',
      machines: [cp, { ...cp, verdict: 'unknown' }, cp],
      replicas: [1, 2, 3],
      sentence: 'nothing; not n1, n3',
    },
    {
      when: 'the API server of one of three does not answer',
      machines: [cp, { ...cp, apiServerReady: false }, cp],
      replicas: [1, 2, 3],
      sentence: 'n2; not n1, n3',
    },
    {
      when: 'a second control plane is joining: it neither votes nor counts',
      machines: [cp, { is: 'joining' }, worker],
      replicas: [1, 1, 1],
      sentence: 'n2, 1 worker; not n1',
    },
    {
      when: 'a control plane came back empty: its member is still there, and not well',
      machines: [cp, { ...cp, cameBackEmpty: true }, cp],
      replicas: [1, 1, 3],
      sentence: 'nothing; not n1, n3',
    },
    {
      when: 'a dead control plane is being removed: its member counts until it is gone',
      machines: [cp, cp, cp, { ...cp, ...dead, retired: 'asked' }],
      replicas: [1, 2, 3],
      sentence: 'nothing; not n1, n2, n3',
    },
    {
      when: 'a dead control plane was removed',
      machines: [cp, cp, cp, { ...cp, ...dead, retired: 'departed' }],
      replicas: [1, 2, 3],
      sentence: 'any 1 control plane',
    },
    {
      when: 'control planes are spread over three zones, workers too',
      machines: [
        { ...cp, zone: 'a' },
        { ...cp, zone: 'b' },
        { ...cp, zone: 'c' },
        { ...worker, zone: 'a' },
        { ...worker, zone: 'b' },
      ],
      replicas: [1, 2, 3],
      sentence: 'any 1 control plane, 2 workers, zone a, zone b, zone c',
    },
    {
      when: 'two of three control planes are in one zone',
      machines: [
        { ...cp, zone: 'a' },
        { ...cp, zone: 'a' },
        { ...cp, zone: 'b' },
        { ...worker, zone: 'b' },
        { ...worker, zone: 'b' },
        { ...worker, zone: 'b' },
      ],
      replicas: [1, 2, 3],
      sentence: 'any 1 control plane, 3 workers, zone b; not zone a',
    },
    {
      when: 'all is in one zone, so there is nothing to say of it',
      machines: [
        { ...cp, zone: 'a' },
        { ...worker, zone: 'a' },
      ],
      replicas: [1, 1, 1],
      sentence: '1 worker; not n1',
    },
    {
      when: 'two of three control planes are lost',
      machines: [cp, { ...cp, ...dead }, { ...cp, ...dead }, worker],
      replicas: [1, 4, 4],
      sentence: 'nothing: etcd has 1 of 3 healthy and needs 2: bring back n2 or n3',
    },
    {
      when: 'four of five are lost, and two of them have to come back',
      machines: [
        cp,
        { ...cp, ...dead },
        { ...cp, ...dead },
        { ...cp, ...dead },
        { ...cp, ...dead },
      ],
      replicas: [1, 1, 1],
      sentence: 'nothing: etcd has 1 of 5 healthy and needs 3: bring back 2 of n2, n3, n4, n5',
    },
    {
      when: 'the only control plane is lost, and the log with it',
      machines: [{ ...cp, ...dead }, worker],
      replicas: [1, 1, 2],
      sentence:
        'nothing: etcd has 0 of 1 healthy and needs 1: bring back n1; the log has 1 of 3 healthy and needs 2: bring back n1',
    },
  ])('$when', ({ machines, replicas, sentence }) => {
    const budget = budgetOf(machines, replicas);
    expect(budget && budgetSentence(budget)).toBe(sentence);
  });

  test('names nodes in the order in which people number them', () => {
    const machines = [...Array.from({ length: 9 }, () => worker), cp, { ...cp, ...dead }, cp];
    const planes = machines.map((machine, index) => (index === 1 ? { ...cp, ...dead } : machine));
    const budget = budgetOf(planes, [1, 3, 4]);
    expect(budget?.etcd.missing).toEqual(['n2', 'n11']);
  });

  test('is not said before the first control plane votes', () => {
    expect(budgetOf([{ is: 'joining' }, { is: 'spare' }], [1, 1, 2])).toBeNull();
  });

  test('is data for programs, with the reason of each thing that must not be lost', () => {
    const machines = [
      { ...cp, zone: 'a' },
      { ...cp, zone: 'b', ...dead },
      { ...cp, zone: 'b' },
      { ...worker, zone: 'b' },
    ];
    const reason = 'etcd would have 1 healthy voters of 3 and needs 2';
    expect(budgetOf(machines, [1, 2, 3])).toEqual({
      frozen: false,
      etcd: { members: 3, healthy: 2, needed: 2, missing: ['n2'] },
      log: { members: 3, healthy: 2, needed: 2, missing: ['n2'] },
      controlPlanes: { living: 2, mayBeLost: 0, oneOf: [] },
      workers: { living: 1, mayBeLost: 1, oneOf: [] },
      zones: [
        { zone: 'a', reason },
        { zone: 'b', reason },
      ],
      indispensable: [
        { nodeId: id(1), hostname: 'n1', reason },
        { nodeId: id(3), hostname: 'n3', reason },
      ],
    });
  });

  test('of a log that confirms nothing though all of its nodes are heard', () => {
    const budget = budgetOf([cp], [1, 1, 1]);
    expect(budget && frozenSentence(budget)).toBe('the log confirms nothing');
  });
});

describe('the budget never promises too much', () => {
  test.each([1, 3, 5, 7])('%d control planes with the log on the first three', (count) => {
    const machines = Array.from({ length: count }, () => cp);
    const replicas = count === 1 ? [1, 1, 1] : [1, 2, 3];
    const budget = budgetOf(machines, replicas);
    const lost = budget?.controlPlanes.mayBeLost ?? 0;
    for (const victims of combinations(count, lost)) {
      const after = machines.map((machine, index) =>
        victims.includes(index) ? { ...machine, ...dead } : machine,
      );
      expect(budgetOf(after, replicas)?.frozen).toBe(false);
    }
    const worst = machines.map((machine, index) =>
      index <= lost ? { ...machine, ...dead } : machine,
    );
    expect(budgetOf(worst, replicas)?.frozen).toBe(true);
  });
});

/** Every choice of `size` out of the numbers below `count`. */
function combinations(count: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({ length: count - from }, (_, offset) => from + offset).flatMap((first) =>
    combinations(count, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

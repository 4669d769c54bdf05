import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { CANARY, calls, runs, starts, world } from './entries.ts';

const header = { seed: 1, expectedNodes: 3, canaries: [CANARY] };
const entries = [
  ...starts(1, 'n1', 'n2'),
  runs(2, 'n1', 'kubeadm-1-init: kubeadm init --config f'),
  calls(3, 'n1', 'operations.start', 'x', ['kubeadm', CANARY]),
  runs(4, 'n2', 'kubeadm-1-init: kubeadm init --config f'),
  world(5, 'n2', 'cluster.founded', 'e2'),
];

describe('check', () => {
  test('tells the first violation of each rule, with hosts and times', () => {
    expect(check({ header, entries })).toEqual([
      {
        invariant: 'S3',
        title: 'Every effect is covered',
        sentence: 'n1 started kubeadm-1-init at 2.000 s without an operation in the log',
        index: 2,
      },
      {
        invariant: 'S12',
        title: 'Secrets stay where they are',
        sentence: 'a secret stands in an argument of operations.start of n1 at 3.000 s',
        index: 3,
      },
      {
        invariant: 'S2',
        title: 'One kubeadm init',
        sentence:
          'kubeadm init was started on n2 at 4.000 s, though another host ran it before (the last one was on n1 at 2.000 s)',
        index: 4,
      },
    ]);
  });

  test('finds them in the smallest prefix that shows them, and in none before', () => {
    for (const violation of check({ header, entries })) {
      const { invariant, index } = violation;
      const until = (count: number) => check({ header, entries: entries.slice(0, count) });
      expect(until(index + 1)).toContainEqual(violation);
      expect(until(index).map((each) => each.invariant)).not.toContain(invariant);
    }
  });

  test('finds nothing in a run in which nothing happened', () => {
    expect(check({ header, entries: [] })).toEqual([]);
  });
});

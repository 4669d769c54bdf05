import { describe, expect, test } from '@jest/globals';
import {
  type DrainBudget,
  type DrainPod,
  type DrainPolicy,
  drainStep,
  isDrained,
} from '../../src/state/drain.ts';
import { deadlocks, drainObstacles } from '../../src/state/drain-report.ts';

const EVERYTHING: DrainPolicy = { emptyDir: true, bare: true };
const OWNER = { kind: 'ReplicaSet', name: 'web' };

function pod(name: string, change: Partial<DrainPod> = {}): DrainPod {
  return {
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    labels: { app: 'web' },
    owner: OWNER,
    mirror: false,
    emptyDir: false,
    phase: 'Running',
    ready: true,
    terminating: false,
    ...change,
  };
}

function budget(name: string, change: Partial<DrainBudget> = {}): DrainBudget {
  return {
    namespace: 'default',
    name,
    selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
    disruptionsAllowed: 1,
    currentHealthy: 3,
    desiredHealthy: 2,
    expectedPods: 3,
    ...change,
  };
}

/** Names by what is done with them; what is not named is of no concern. */
function stepOf(
  pods: readonly DrainPod[],
  budgets: readonly DrainBudget[] = [],
  policy = EVERYTHING,
) {
  const step = drainStep(pods, budgets, policy);
  const names = (found: readonly DrainPod[]) => found.map(({ name }) => name);
  return {
    evict: names(step.evict),
    blocked: step.blocked.map((each) => [each.pod.name, each.forGood]),
    kept: names(step.kept),
    leaving: names(step.leaving),
  };
}

const NOTHING = { evict: [], blocked: [], kept: [], leaving: [] };
const SPENT = { disruptionsAllowed: 0, currentHealthy: 2 };
const FOR_GOOD = { disruptionsAllowed: 0, desiredHealthy: 3 };

describe('the next step of a drain', () => {
  test.each([
    ['of a node without pods', [], NOTHING],
    [
      'leaves a pod of a DaemonSet',
      [pod('d', { owner: { kind: 'DaemonSet', name: 'd' } })],
      NOTHING,
    ],
    ['leaves a mirror pod', [pod('m', { mirror: true })], NOTHING],
    ['leaves a bare mirror pod', [pod('m', { mirror: true, owner: null })], NOTHING],
    ['leaves a pod that succeeded', [pod('s', { phase: 'Succeeded' })], NOTHING],
    ['leaves a bare pod that failed', [pod('f', { phase: 'Failed', owner: null })], NOTHING],
    ['evicts what has an owner', [pod('w')], { ...NOTHING, evict: ['w'] }],
    ['evicts what never started', [pod('p', { phase: 'Pending' })], { ...NOTHING, evict: ['p'] }],
    [
      'evicts what the kubelet lost',
      [pod('u', { phase: 'Unknown' })],
      { ...NOTHING, evict: ['u'] },
    ],
    ['waits for what goes', [pod('t', { terminating: true })], { ...NOTHING, leaving: ['t'] }],
  ])('%s', (_, pods, expected) => {
    expect(stepOf(pods)).toEqual(expected);
    const isEmpty = JSON.stringify(expected) === JSON.stringify(NOTHING);
    expect(isDrained(drainStep(pods, [], EVERYTHING))).toBe(isEmpty);
  });

  test.each([
    ['both', { emptyDir: true, bare: true }, ['data', 'bare'], []],
    ['no bare pods', { emptyDir: true, bare: false }, ['data'], ['bare']],
    ['no data', { emptyDir: false, bare: true }, ['bare'], ['data']],
  ])('gives up by policy: %s', (_, policy, evict, kept) => {
    const pods = [pod('data', { emptyDir: true }), pod('bare', { owner: null })];
    expect(stepOf(pods, [], policy)).toEqual({ ...NOTHING, evict, kept });
  });

  test.each([
    [
      'lets as many go as it allows',
      [pod('a'), pod('b')],
      {},
      { evict: ['a'], blocked: [['b', false]] },
    ],
    ['lets none go now', [pod('a')], SPENT, { evict: [], blocked: [['a', false]] }],
    ['lets none go ever', [pod('a')], FOR_GOOD, { evict: [], blocked: [['a', true]] }],
    [
      'lets one go that is not ready, for nothing',
      [pod('a', { ready: false }), pod('b', { ready: false })],
      SPENT,
      { evict: ['a', 'b'], blocked: [] },
    ],
    [
      'keeps one that is not ready while too few are',
      [pod('a', { ready: false })],
      { ...SPENT, currentHealthy: 1 },
      { evict: [], blocked: [['a', false]] },
    ],
    [
      'is not asked for one that never started',
      [pod('a', { phase: 'Pending', ready: false })],
      FOR_GOOD,
      { evict: ['a'], blocked: [] },
    ],
    [
      'is not asked for those it does not select',
      [pod('a', { labels: {} })],
      FOR_GOOD,
      { evict: ['a'], blocked: [] },
    ],
    [
      'is not asked for those of another namespace',
      [pod('a', { namespace: 'other' })],
      FOR_GOOD,
      { evict: ['a'], blocked: [] },
    ],
    [
      "that expects no pods is the API server's to judge",
      [pod('a')],
      { ...SPENT, desiredHealthy: 0, expectedPods: 0 },
      { evict: ['a'], blocked: [] },
    ],
  ])('a budget %s', (_, pods, change, expected) => {
    expect(stepOf(pods, [budget('web', change)])).toEqual({ ...NOTHING, ...expected });
  });

  test('two budgets for one pod are a deadlock, however much they allow', () => {
    const step = drainStep([pod('a')], [budget('one'), budget('two')], EVERYTHING);
    expect(deadlocks(step)).toEqual([
      'no API server evicts default/a (ReplicaSet web), which the PodDisruptionBudgets default/one and default/two select both: let one of them not select it',
    ]);
  });
});

describe('what is said of a drain', () => {
  test('names budget, pods and owner of a deadlock, and its cure', () => {
    const pods = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => pod(name));
    const step = drainStep(pods, [budget('web', FOR_GOOD)], EVERYTHING);
    expect(deadlocks(step)).toEqual([
      'PodDisruptionBudget default/web wants 3 of 3 pods healthy and never lets go of ' +
        'default/a (ReplicaSet web), default/b (ReplicaSet web), default/c (ReplicaSet web), ' +
        'default/d (ReplicaSet web), default/e (ReplicaSet web) and 2 more: add a replica, or change the budget',
    ]);
  });

  test('has all that is on the node, the worst first', () => {
    const pods = [
      pod('a', { labels: {} }),
      pod('b', { terminating: true }),
      pod('c', { owner: null, labels: {} }),
      pod('d'),
      pod('e', { labels: { app: 'db' } }),
    ];
    const selector = { matchLabels: { app: 'db' }, matchExpressions: [] };
    const budgets = [budget('web', SPENT), budget('db', { ...FOR_GOOD, selector })];
    const step = drainStep(pods, budgets, { emptyDir: true, bare: false });
    expect(drainObstacles(step)).toEqual([
      'PodDisruptionBudget default/db wants 3 of 3 pods healthy and never lets go of default/e (ReplicaSet web): add a replica, or change the budget',
      'PodDisruptionBudget default/web wants 2 of 3 pods healthy, has 2, and does not let go of default/d (ReplicaSet web) now',
      'kept, as data goes with them, or nobody makes them anew: default/c (bare)',
      'evicted and not gone yet: default/b (ReplicaSet web)',
      'about to be evicted: default/a (ReplicaSet web)',
    ]);
  });
});

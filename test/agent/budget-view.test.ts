import { describe, expect, test } from '@jest/globals';
import { budgetView } from '../../src/agent/budget-view.ts';
import { budgetSentence } from '../../src/state/budget-sentence.ts';
import {
  controlPlaneAssignment,
  genesisRecord,
  id,
  initAssignment,
  liveness,
  node,
  replica,
  served,
} from '../support/controllers-entries.ts';
import { FakeStore } from '../support/controllers-store.ts';

/** Three control planes, all of them alive by the verdicts in the log; n1 is asked. */
async function cluster(): Promise<FakeStore> {
  const store = new FakeStore();
  const given = [initAssignment(1), controlPlaneAssignment(2), controlPlaneAssignment(3)];
  for (const [index, each] of given.entries()) {
    await store.set('node', each.nodeId, node(index + 1));
    await store.set('liveness', each.nodeId, liveness(index + 1));
    await store.set('assignment', each.nodeId, each);
    await store.set('status', each.nodeId, served(each));
  }
  return store;
}

const heard = (number: number, ageMs: number, incarnation = 1) => ({
  nodeId: id(number),
  incarnation,
  ageMs,
});

const reached = (number: number) =>
  ({ nodeId: id(number), incarnation: 1, finding: 'reached' }) as const;

/** An agent that has heard nothing yet, of a log that answers. */
const quiet = { leases: [], probes: [], missed: new Set<string>(), logProblem: undefined };

describe('what may be lost, as the agent of n1 knows it,', () => {
  test.each([
    {
      when: 'goes by the verdicts in the log while that answers',
      logProblem: undefined,
      leases: [],
      sentence: 'any 1 control plane',
    },
    {
      when: 'counts as unhealthy whoever is missed, before anybody judged',
      logProblem: undefined,
      leases: [],
      missed: [3],
      sentence: 'nothing; not n1, n2',
    },
    {
      when: 'goes by whom it reaches, too, where signs of life need the log to travel',
      logProblem: 'no quorum',
      leases: [],
      probes: [reached(2), { ...reached(3), finding: 'silent' as const }],
      sentence: 'nothing: the log confirms nothing',
    },
    {
      when: 'goes by whom it hears while the log does not answer',
      logProblem: 'no quorum',
      leases: [heard(2, 25_000), heard(3, 5_000, 2)],
      sentence:
        'nothing: etcd has 1 of 3 healthy and needs 2: bring back n2 or n3; the log has 1 of 3 healthy and needs 2: bring back n2 or n3',
    },
    {
      when: 'is nothing while the log confirms nothing, whoever is heard',
      logProblem: 'no quorum',
      leases: [heard(2, 5_000), heard(3, 5_000)],
      sentence: 'nothing: the log confirms nothing',
    },
  ])('$when', async ({ logProblem, leases, probes = [], missed = [], sentence }) => {
    const store = await cluster();
    const formation = { record: genesisRecord() };
    const heardOf = { leases, probes, missed: new Set(missed.map(id)), logProblem };
    const budget = budgetView({ self: node(1), formation, store, ...heardOf });
    expect(budget && budgetSentence(budget)).toBe(sentence);
  });

  test('follows replicas of the log that were moved', async () => {
    const store = await cluster();
    await store.set('replicas', 'current', {
      generation: 1,
      term: 5,
      replicas: [replica(1), { ...replica(1), serverName: `${id(1)}-1000001` }, replica(3)],
      leaving: null,
    });
    const formation = { record: genesisRecord() };
    const facts = { ...quiet, self: node(1), formation, store };
    expect(budgetView(facts)?.indispensable.map(({ hostname }) => hostname)).toEqual(['n1']);
  });

  test('is unknown before there is a cluster', () => {
    const before = { ...quiet, self: node(1), formation: { record: null }, store: undefined };
    expect(budgetView(before)).toBeNull();
  });
});

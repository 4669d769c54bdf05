import { describe, expect, test } from '@jest/globals';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import type { Status } from '../../src/state/status.ts';
import { controlPlaneTrouble, isServing } from '../../src/state/unfinished.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  served,
  status,
} from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

const asked = controlPlaneAssignment(2);
const whole = served(asked);
const waiting = { reason: 'handover', message: 'waiting for keys', sinceWallMs: 0 };

function withKubernetes(part: Partial<Status['kubernetes']>): Status {
  return { ...whole, kubernetes: { ...whole.kubernetes, ...part } };
}

interface Row {
  when: string;
  facts: NodeFacts | undefined;
  trouble: string | undefined;
}

describe('controlPlaneTrouble', () => {
  test.each<Row>([
    { when: 'all is well', facts: facts(2, { status: whole }), trouble: undefined },
    { when: 'the node is unknown', facts: undefined, trouble: `${id(2)} is not enrolled` },
    {
      when: 'the machine came back empty',
      facts: facts(2, { node: { incarnation: 2 } }),
      trouble: 'n2 came back empty and its former place is still in the cluster',
    },
    {
      when: 'the node is dead',
      facts: facts(2, { status: whole, liveness: { verdict: 'dead' } }),
      trouble: 'n2 is dead (it said so)',
    },
    {
      when: 'nobody judged the node yet',
      facts: facts(2, { status: whole, liveness: null }),
      trouble: 'n2 is not judged yet',
    },
    {
      when: 'the node never reported',
      facts: facts(2, { status: null }),
      trouble: 'n2 is joining',
    },
    {
      when: 'the join is under way',
      facts: facts(2, { status: status(2, { phase: 'installing' }) }),
      trouble: 'n2 is joining (installing)',
    },
    {
      when: 'the join waits',
      facts: facts(2, { status: status(2, { phase: 'installing', waiting }) }),
      trouble: 'n2 is joining (installing: waiting for keys)',
    },
    {
      when: 'the node serves by another operation',
      facts: facts(2, { status: { ...whole, operationId: 'another' } }),
      trouble: 'n2 is joining (serving)',
    },
    {
      when: 'etcd is still a learner',
      facts: facts(2, { status: withKubernetes({ etcdMember: 'learner' }) }),
      trouble: 'etcd on n2 does not vote yet',
    },
    {
      when: 'the API server is down',
      facts: facts(2, { status: withKubernetes({ apiServerReady: false }) }),
      trouble: 'the API server of n2 is not ready',
    },
  ])('when $when', ({ facts, trouble }) => {
    expect(controlPlaneTrouble(asked, facts)).toBe(trouble);
  });

  test('names the founding of the first one', () => {
    expect(controlPlaneTrouble(initAssignment(2), facts(2))).toBe(
      'n2 is founding the cluster (waiting)',
    );
  });
});

describe('isServing', () => {
  test.each([
    { when: 'the node serves by the operation', status: served(assignment(1)), serving: true },
    { when: 'the node is still installing', status: status(1), serving: false },
    { when: 'the node never reported', status: undefined, serving: false },
  ])('is $serving when $when', ({ status, serving }) => {
    expect(isServing(assignment(1), status)).toBe(serving);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import { type Obstacle, obstacles } from '../../src/state/obstacle.ts';
import { assignment, id, status } from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

const standBy = assignment(1, { role: 'spare', task: 'stand-by', sponsor: null });
const noContainerd = { reason: 'host-not-ready', message: 'install containerd', sinceWallMs: 0 };
const sameName = { hostname: 'n2' };

interface Row {
  when: string;
  node: NodeFacts;
  others?: readonly NodeFacts[];
  obstacle: Obstacle | undefined;
}

const twin: Obstacle = {
  reason: 'twin',
  message: `(${id(1)}) has the hostname of n2 (${id(2)}), which came first`,
};

describe('obstacles', () => {
  test.each<Row>([
    { when: 'nothing is in the way', node: facts(1), others: [facts(2)], obstacle: undefined },
    { when: 'the node stands by', node: facts(1, { assignment: standBy }), obstacle: undefined },
    {
      when: 'the host is being prepared',
      node: facts(1, { status: status(1, { phase: 'preparing' }) }),
      obstacle: undefined,
    },
    {
      when: 'the node has a role',
      node: facts(1, { assignment: assignment(1) }),
      obstacle: { reason: 'has-role', message: 'is a worker' },
    },
    {
      when: 'the node had a role in an earlier incarnation',
      node: facts(1, { node: { incarnation: 2 }, assignment: assignment(1) }),
      obstacle: {
        reason: 'came-back-empty',
        message: 'came back empty and stays out until its former place in the cluster is removed',
      },
    },
    {
      when: 'the node is suspect',
      node: facts(1, { liveness: { verdict: 'suspect' } }),
      obstacle: { reason: 'not-alive', message: 'is suspect (it said so)' },
    },
    {
      when: 'the node was not judged yet',
      node: facts(1, { liveness: null }),
      obstacle: { reason: 'not-alive', message: 'is not judged yet' },
    },
    {
      when: 'a node of its name enrolled before it',
      node: facts(1, { node: sameName, revision: 9 }),
      others: [facts(2)],
      obstacle: twin,
    },
    {
      when: 'a node of its name enrolled after it',
      node: facts(1, { node: sameName }),
      others: [facts(2)],
      obstacle: undefined,
    },
    {
      when: 'a node of its name enrolled after it and has a role',
      node: facts(1, { node: sameName }),
      others: [facts(2, { assignment: assignment(2) })],
      obstacle: twin,
    },
    {
      when: 'a node of its name without a role is dead',
      node: facts(1, { node: sameName, revision: 9 }),
      others: [facts(2, { liveness: { verdict: 'dead' } })],
      obstacle: undefined,
    },
    {
      when: 'a node of its name with a role is dead',
      node: facts(1, { node: sameName, revision: 9 }),
      others: [facts(2, { liveness: { verdict: 'dead' }, assignment: assignment(2) })],
      obstacle: twin,
    },
    {
      when: 'the node has not reported',
      node: facts(1, { status: null }),
      obstacle: {
        reason: 'host-not-ready',
        message: 'has not reported yet whether its host is ready',
      },
    },
    {
      when: 'the host lacks something',
      node: facts(1, { status: status(1, { phase: 'preparing', waiting: noContainerd }) }),
      obstacle: { reason: 'host-not-ready', message: 'is not ready: install containerd' },
    },
    {
      when: 'the host failed and says why',
      node: facts(1, { status: status(1, { phase: 'failed', waiting: noContainerd }) }),
      obstacle: { reason: 'host-not-ready', message: 'failed: install containerd' },
    },
    {
      when: 'the host failed and says nothing',
      node: facts(1, { status: status(1, { phase: 'failed' }) }),
      obstacle: { reason: 'host-not-ready', message: 'failed: no reason given' },
    },
  ])('when $when', ({ node, others = [], obstacle }) => {
    expect(obstacles([node, ...others]).get(id(1))).toEqual(obstacle);
  });
});

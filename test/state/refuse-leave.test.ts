import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import { USUAL_RETRY } from '../../src/state/join-retry.ts';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import { refuseLeave } from '../../src/state/refuse-leave.ts';
import {
  assignment,
  controlPlaneAssignment,
  initAssignment,
  served,
  spec,
} from '../support/controllers-entries.ts';
import { type FactsOverrides, facts } from '../support/controllers-facts.ts';

const cp = (number: number, more: FactsOverrides = {}) => {
  const given = number === 1 ? initAssignment(1) : controlPlaneAssignment(number);
  return facts(number, { assignment: given, status: served(given), ...more });
};
const worker = (number: number, more: FactsOverrides = {}) =>
  facts(number, { assignment: assignment(number), status: served(assignment(number)), ...more });
const dead = { liveness: { verdict: 'dead' } } as const;
const never = { node: { labels: { 'civitas.dev/never-control-plane': 'true' } } };

/** The first of the nodes asks to leave. */
function refusal(nodes: readonly NodeFacts[], wanted: Partial<ClusterSpec> = {}) {
  const [leaving] = nodes;
  if (!leaving) throw new Error('nobody leaves');
  const byId = new Map(nodes.map((each) => [each.node.nodeId, each]));
  try {
    refuseLeave(leaving, { facts: byId, spec: spec(wanted), revision: 42 });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${message} [${code}]`;
  }
}

const START = 'n1 can not leave, judged at revision 42: ';

describe('a node may leave', () => {
  test.each([
    { when: 'a worker is one too many', nodes: [worker(4), cp(1), cp(2), cp(3)] },
    { when: 'a spare takes the place', nodes: [cp(1), cp(2), cp(3), facts(4)] },
    { when: 'it never had a role', nodes: [facts(4), cp(1), cp(2), cp(3)] },
    {
      when: 'it could never take a control plane, however few there are',
      nodes: [worker(4, never), cp(1), cp(2)],
    },
    {
      when: 'it has no vote, however bad etcd is',
      nodes: [worker(7), cp(1), cp(2, dead), cp(3, dead), worker(4), worker(5)],
    },
    {
      when: 'as many are unhealthy as the spec bears',
      nodes: [worker(4), cp(1), cp(2), cp(3), worker(5, dead)],
      wanted: {
        replacement: {
          graceSeconds: 60,
          maxUnhealthy: 1,
          policy: 'auto' as const,
          promotion: 'in-place' as const,
          retry: USUAL_RETRY,
        },
      },
    },
  ])('when $when', ({ nodes, wanted }) => {
    expect(refusal(nodes, wanted)).toBeUndefined();
  });
});

describe('a node may not leave', () => {
  test.each([
    {
      when: 'it is the last control plane',
      nodes: [cp(1), worker(2), worker(3)],
      wanted: { controlPlanes: 1 } as const,
      sentence: `${START}it is the last control plane, so raise controlPlanes in the spec and wait until others serve. [leave.last-control-plane]`,
    },
    {
      when: 'etcd would lose its quorum by it',
      nodes: [cp(1), cp(2), cp(3, dead), worker(4), worker(5)],
      sentence: `${START}without n1 etcd would have 1 healthy voters of 2 and needs 2, so bring the other control planes back first. [leave.breaks-quorum]`,
    },
    {
      when: 'too few could be control planes',
      nodes: [cp(1), cp(2), cp(3), worker(4, never)],
      sentence: `${START}the spec asks for 3 control planes and only 2 other nodes could be one, so lower controlPlanes or start another machine first. [leave.breaks-spec]`,
    },
    {
      when: 'who could be one is leaving, too',
      nodes: [cp(1), cp(2), cp(3), worker(4, { leaving: true })],
      sentence: `${START}the spec asks for 3 control planes and only 2 other nodes could be one, so lower controlPlanes or start another machine first. [leave.breaks-spec]`,
    },
    {
      when: 'too few would serve',
      nodes: [worker(1), cp(2), cp(3), cp(4)],
      wanted: { size: 4 },
      sentence: `${START}the spec asks for 4 nodes that serve and only 3 others would stay, so lower size or start another machine first. [leave.breaks-spec]`,
    },
    {
      when: 'more are unhealthy than the spec bears',
      nodes: [worker(1), cp(2), cp(3), cp(4), worker(5, dead), worker(6, dead)],
      wanted: {
        replacement: {
          graceSeconds: 60,
          maxUnhealthy: 1,
          policy: 'auto' as const,
          promotion: 'in-place' as const,
          retry: USUAL_RETRY,
        },
      },
      sentence: `${START}the spec bears 1 unhealthy nodes and there are 2 (n5, n6), so bring them back first. [leave.breaks-spec]`,
    },
  ])('when $when', ({ nodes, wanted, sentence }) => {
    expect(refusal(nodes, wanted)).toBe(sentence);
  });
});

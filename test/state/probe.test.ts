import { describe, expect, test } from '@jest/globals';
import { findingsOn, missedNodes, type Probe, probesSchema } from '../../src/state/probe.ts';
import { id } from '../support/controllers-entries.ts';

function probe(number: number, finding: Probe['finding'], incarnation = 1): Probe {
  return { nodeId: id(number), incarnation, finding };
}

function report(observer: number, ...probes: readonly Probe[]) {
  return { observer: id(observer), probes };
}

describe('findings on a node', () => {
  test('say who reaches it, who does not, and who met another in its place', () => {
    const reports = [
      report(1, probe(4, 'silent'), probe(5, 'silent')),
      report(2, probe(4, 'reached')),
      report(3, probe(4, 'replaced')),
      report(5, probe(1, 'reached')),
    ];
    expect(findingsOn({ nodeId: id(4), incarnation: 1 }, reports)).toEqual({
      reachedBy: [id(2)],
      silentTo: [id(1)],
      kubeletSeenBy: [],
      replacedFor: [id(3)],
    });
  });

  test('leave out what it says of itself, and what was said of an earlier incarnation', () => {
    const reports = [report(4, probe(4, 'reached', 2)), report(2, probe(4, 'silent', 1))];
    expect(findingsOn({ nodeId: id(4), incarnation: 2 }, reports)).toEqual({
      reachedBy: [],
      silentTo: [],
      kubeletSeenBy: [],
      replacedFor: [],
    });
  });
});

describe('whom an agent suspects', () => {
  test.each([
    {
      when: 'it does not reach the node itself',
      reports: [report(1, probe(4, 'silent'))],
      of: [4],
    },
    { when: 'one other does not', reports: [report(2, probe(4, 'silent'))], of: [] },
    {
      when: 'two others do not',
      reports: [report(2, probe(4, 'silent')), report(3, probe(4, 'replaced'))],
      of: [4],
    },
    {
      when: 'two others do not reach this agent',
      reports: [report(2, probe(1, 'silent')), report(3, probe(1, 'silent'))],
      of: [],
    },
  ])('when $when', ({ reports, of }) => {
    expect([...missedNodes(reports, id(1))]).toEqual(of.map(id));
  });
});

describe('probes from the network', () => {
  test.each([
    ['no list', 'silent'],
    ['another finding', [{ ...probe(2, 'silent'), finding: 'dead' }]],
    ['no node id', [{ ...probe(2, 'silent'), nodeId: '../../etc' }]],
    ['too many', Array.from({ length: 33 }, () => probe(2, 'silent'))],
  ])('are refused: %s', (_, value) => {
    expect(probesSchema.safeParse(value).success).toBe(false);
  });
});

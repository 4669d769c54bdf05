import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/state/explanation.ts';
import { assignment, id, liveness, node, served, status } from '../support/controllers-entries.ts';
import { decision, keyed, knownLog } from '../support/why-entries.ts';

const promoted = assignment(4, {
  operationId: 'promote-4',
  role: 'control-plane',
  task: 'promote',
});
const events = Array.from({ length: 8 }, (_, index) =>
  decision(index, {
    action: index === 2 ? 'promote' : 'verdict',
    operationId: index === 2 || index === 5 ? 'promote-4' : null,
    summary: `decision ${index}`,
  }),
);

describe('a node is explained by', () => {
  test('its role, the decision that gave it, its waits and what was decided last', () => {
    const waiting = { reason: 'handover', message: 'n1 hands over the keys', sinceWallMs: 5 };
    const log = knownLog({
      nodes: [keyed('node', id(4), node(4, { zone: 'b' }))],
      livenesses: [keyed('liveness', id(4), liveness(4))],
      assignments: [keyed('assignment', id(4), promoted)],
      statuses: [keyed('status', id(4), { ...served(promoted), phase: 'installing', waiting })],
      events: events.toReversed().map((each) => keyed('event', each.eventId, each, each.wallMs)),
    });
    expect(explain(node(4, { zone: 'b' }), log)).toEqual({
      node: {
        nodeId: id(4),
        hostname: 'n4',
        zone: 'b',
        incarnation: 1,
        addresses: ['10.0.0.4'],
      },
      role: 'control-plane',
      phase: 'installing',
      liveness: 'alive (it said so)',
      because: 'decision 2',
      waits: [{ by: 'node', message: 'n1 hands over the keys', sinceWallMs: 5 }],
      decisions: events.slice(3),
      revision: 40,
    });
  });

  test('the assignment, once the decision is no longer kept', () => {
    const log = knownLog({
      nodes: [keyed('node', id(4), node(4))],
      assignments: [keyed('assignment', id(4), promoted)],
    });
    expect(explain(node(4), log).because).toBe(
      `the leader of term 5 asked it to promote (promote-4, seen to by ${id(1)})`,
    );
  });

  test('what keeps it from a role while it has none', () => {
    const log = knownLog({
      nodes: [keyed('node', id(4), node(4))],
      livenesses: [keyed('liveness', id(4), liveness(4, { verdict: 'dead' }))],
      statuses: [keyed('status', id(4), status(4))],
    });
    expect(explain(node(4), log)).toMatchObject({
      role: null,
      because: 'nobody gave it a role yet',
      waits: [{ by: 'leader', message: 'n4 is dead (it said so)', sinceWallMs: null }],
    });
  });

  test('what its sponsor waits for, but not for a departure that is over', () => {
    const waiting = { reason: 'drain', message: 'web-0 may not be evicted', sinceWallMs: 5 };
    const retire = assignment(4, { operationId: 'retire-2', task: 'retire', role: 'spare' });
    const departure = (operationId: string) => ({
      nodeId: id(4),
      incarnation: 1,
      operationId,
      by: id(1),
      state: 'under-way' as const,
      waiting,
    });
    const log = (operationId: string) =>
      knownLog({
        nodes: [keyed('node', id(4), node(4))],
        assignments: [keyed('assignment', id(4), retire)],
        departures: [keyed('departure', id(4), departure(operationId))],
      });
    const bySponsor = (operationId: string) =>
      explain(node(4), log(operationId)).waits.filter(({ by }) => by === 'sponsor');
    expect(bySponsor('retire-2')).toEqual([
      { by: 'sponsor', message: 'web-0 may not be evicted', sinceWallMs: 5 },
    ]);
    expect(bySponsor('retire-1')).toEqual([]);
  });
});

test('a node that left has no role, and waits for nothing', () => {
  const retire = assignment(4, { operationId: 'retire-4', role: 'spare', task: 'retire' });
  const departure = { operationId: 'retire-4', by: id(1), state: 'done', waiting: null } as const;
  const log = knownLog({
    nodes: [keyed('node', id(4), node(4))],
    livenesses: [keyed('liveness', id(4), liveness(4))],
    assignments: [keyed('assignment', id(4), retire)],
    statuses: [keyed('status', id(4), served(retire))],
    departures: [keyed('departure', id(4), { nodeId: id(4), incarnation: 1, ...departure })],
    requests: [
      keyed('request', id(4), { type: 'leave', nodeId: id(4), incarnation: 1, askedWallMs: 0 }),
    ],
  });
  const { role, phase, waits } = explain(node(4), log);
  expect({ role, phase, waits }).toEqual({ role: null, phase: 'left', waits: [] });
  const { phase: earlier, waits: asked } = explain(node(4), { ...log, departures: [] });
  expect({ earlier, asked: asked.map(({ message }) => message) }).toEqual({
    earlier: 'spare',
    asked: ['n4 is leaving Kubernetes'],
  });
});

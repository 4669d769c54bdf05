import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderExplanation } from '../../src/cli/render-explanation.ts';
import { renderHistory } from '../../src/cli/render-history.ts';
import { renderWhyNot } from '../../src/cli/why-not.ts';
import { id } from '../support/controllers-entries.ts';
import { decision } from '../support/why-entries.ts';

test('a node is explained in one page', () => {
  const text = renderExplanation(
    {
      node: { nodeId: id(4), hostname: 'n4', zone: '', incarnation: 2, addresses: ['10.0.0.4'] },
      role: 'control-plane',
      phase: 'installing',
      liveness: 'alive (its lease was last renewed 3 s ago)',
      because: 'n4 takes the place of n2',
      waits: [
        { by: 'node', message: 'n1 hands over the keys', sinceWallMs: 10_000 },
        { by: 'leader', message: 'n4 is new', sinceWallMs: null },
      ],
      decisions: [decision(10)],
      revision: 40,
    },
    { paint: plain, wallMs: 75_000 },
  );
  expect(text.split('\n')).toEqual([
    'Node:     n4 (ddddddddddd, incarnation 2)',
    'Address:  10.0.0.4',
    'Zone:     -',
    'Role:     control-plane',
    'Because:  n4 takes the place of n2',
    'Phase:    installing',
    'Alive:    alive (its lease was last renewed 3 s ago)',
    'As of:    revision 40',
    '',
    'Waits:',
    '  node: n1 hands over the keys (1m5s)',
    '  leader: n4 is new',
    '',
    'WHEN                  DECISION   WHY',
    '1970-01-01 00:00:10   promote    n4 takes the place of n2',
    '',
  ]);
});

test('the wide history has guards and those who were not chosen', () => {
  const event = decision(10, {
    guards: [
      { name: 'quorum-after-removal', passed: true, message: 'etcd keeps 2 of 2' },
      { name: 'grace', passed: false, message: '20 s of 60 s' },
    ],
    rejected: [{ nodeId: id(5), hostname: 'n5', reason: 'has the slower disk' }],
  });
  const byNode = decision(11, { term: null, summary: 'n4 was asked to leave', action: 'leave' });
  const byGone = decision(12, { by: id(9), summary: 'n4 was asked to stay', action: 'stay' });
  const hostnames = new Map([[id(1), 'n1']]);
  const text = renderHistory([event, byNode, byGone], { wide: true, hostnames });
  expect(text.split('\n')).toEqual([
    '1970-01-01 00:00:10  promote: n4 takes the place of n2',
    '  by n1, term 5, from revision 30',
    '  passed quorum-after-removal: etcd keeps 2 of 2',
    '  failed grace: 20 s of 60 s',
    '  not chosen: n5 has the slower disk',
    '',
    '1970-01-01 00:00:11  leave: n4 was asked to leave',
    '  by n1, from revision 30',
    '',
    '1970-01-01 00:00:12  stay: n4 was asked to stay',
    '  by iiiiiiiiiii, term 5, from revision 30',
    '',
  ]);
});

test('why a node is not promoted is what stands against it now, and what was said before', () => {
  const answer = { nodeId: id(4), hostname: 'n4', place: 1, revision: 40 };
  const passedOver = {
    wallMs: 10_000,
    revision: 30,
    summary: 'n5 was chosen',
    reason: 'is slower',
  };
  expect(renderWhyNot({ ...answer, obstacles: ['n5 would be chosen first'], passedOver })).toBe(
    [
      'n4 is not promoted:',
      '  n5 would be chosen first',
      'Last passed over 1970-01-01 00:00:10 (revision 30): n4 is slower',
      '  when: n5 was chosen',
      'Judged at revision 40.',
      '',
    ].join('\n'),
  );
  expect(renderWhyNot({ ...answer, obstacles: [], passedOver: null })).toBe(
    [
      'Nothing stands against n4: it would be promoted next.',
      'No decision that is kept passed it over.',
      'Judged at revision 40.',
      '',
    ].join('\n'),
  );
});

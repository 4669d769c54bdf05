import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import { isLate, isVoid, refuseLostTerm } from '../../src/state/fencing.ts';
import {
  assignment,
  entry,
  id,
  initAssignment,
  operation,
} from '../support/controllers-entries.ts';

describe('refuseLostTerm', () => {
  test('lets a decision of the present term pass', () => {
    expect(() => refuseLostTerm(7, 7)).not.toThrow();
  });

  test.each([
    { now: undefined, says: 'this agent does not lead now' },
    { now: 9, says: 'it leads in term 9 now' },
  ])('drops a decision of term 7 when the term is $now', ({ now, says }) => {
    expect(() => refuseLostTerm(7, now)).toThrow(
      new RetryableError(
        'leadership.lost',
        `a decision of term 7 was dropped because ${says}: whoever leads decides again`,
      ),
    );
  });
});

const LEADER_REVISION = 50;
const leadership = {
  kind: 'leadership',
  key: 'current',
  value: { nodeId: id(1), incarnation: 1 },
  revision: LEADER_REVISION,
} as const;

describe('an assignment of term 10 at revision', () => {
  test.each([
    { at: 11, terms: [], late: false, why: 'before its leader was deposed' },
    { at: 49, terms: [], late: false, why: 'right before' },
    { at: 51, terms: [], late: true, why: 'after the entry of the next leader' },
    { at: 49, terms: [12], late: true, why: 'after that of a leader between, who assigned' },
    { at: 11, terms: [12], late: false, why: 'before that of a leader between' },
    { at: 51, terms: [10], late: true, why: 'whatever else was assigned in its own term' },
  ])('$at is late: $late ($why)', ({ at, terms, late }) => {
    const written = entry('assignment', assignment(2, { term: 10 }), at);
    const others = terms.map((term) => entry('assignment', assignment(3, { term }), 40));
    const log = { leadership, assignments: [written, ...others], operations: [] };
    expect([isLate(written, log), isVoid(written, log)]).toEqual([late, late]);
  });

  test('51 counts when nobody else has led by the copy of the log', () => {
    const written = entry('assignment', assignment(2, { term: 10 }), 51);
    const log = { leadership: undefined, assignments: [written], operations: [] };
    expect(isVoid(written, log)).toBe(false);
  });
});

describe('an init', () => {
  test.each([
    { at: 51, begunBy: 2, what: { late: false, void: false }, why: 'late, but begun' },
    { at: 51, begunBy: 3, what: { late: true, void: true }, why: 'late, and begun by another' },
    { at: 49, begunBy: 3, what: { late: false, void: true }, why: 'begun by another' },
    { at: 49, begunBy: 2, what: { late: false, void: false }, why: 'begun in time' },
  ])('of node 2 at $at that node $begunBy has begun is $what ($why)', ({ at, begunBy, what }) => {
    const written = entry('assignment', initAssignment(2, { term: 10 }), at);
    const operations = [entry('operation', operation(begunBy))];
    const log = { leadership, assignments: [written], operations };
    expect({ late: isLate(written, log), void: isVoid(written, log) }).toEqual(what);
  });
});

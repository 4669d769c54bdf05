import { describe, expect, test } from '@jest/globals';
import { whatBecame } from '../../src/cli/stay.ts';
import type { Departure } from '../../src/state/departure.ts';
import { assignment, id, node } from '../support/controllers-entries.ts';
import { keyed, knownLog } from '../support/why-entries.ts';

const RETIRE = `retire-${id(4)}-1`;
const retire = assignment(4, { operationId: RETIRE, task: 'retire', role: 'spare' });
const asked = { nodeId: id(4), operationId: RETIRE };

function log(given = retire, state?: Departure['state'], operationId = RETIRE) {
  const departure = { nodeId: id(4), incarnation: 1, operationId, by: id(1), waiting: null };
  return knownLog({
    nodes: [keyed('node', id(4), node(4))],
    assignments: [keyed('assignment', id(4), given)],
    departures: state ? [keyed('departure', id(4), { ...departure, state })] : [],
  });
}

describe('of a node that was asked to stay', () => {
  test.each([
    { what: 'it has its role again', log: log(assignment(4)) },
    { what: 'nobody had asked it for anything else', log: log(assignment(4)), none: true },
  ])('it is told that it stays: $what', ({ log: known, none = false }) => {
    const question = none ? { ...asked, operationId: null } : asked;
    expect(whatBecame(question, known)).toBe('n4 stays what it is: a worker.');
  });

  test('nothing is told of a role that it never had', () => {
    const known = { ...log(), assignments: [] };
    expect(whatBecame({ ...asked, operationId: null }, known)).toBe('n4 stays.');
  });

  test.each([
    { what: 'nobody has begun', log: log() },
    { what: 'its departure goes on', log: log(retire, 'under-way') },
    { what: 'its departure has stopped', log: log(retire, 'taken-back') },
    { what: 'another one is over', log: log(retire, 'done', 'retire-0') },
  ])('nothing is told while $what', ({ log: known }) => {
    expect(whatBecame(asked, known)).toBeUndefined();
  });

  test.each(['past-return', 'done'] as const)('it is told that it can not: %s', (state) => {
    const known = log(retire, state);
    const say = () => whatBecame(asked, known);
    expect(say).toThrow(
      `n4 can not stay, judged at revision ${known.revision}: it was taken out of the cluster at that moment.`,
    );
    expect(say).toThrow(expect.objectContaining({ code: 'leave.past-return' }));
  });
});

import { describe, expect, test } from '@jest/globals';
import { assignmentSchema, type Task } from '../../src/state/assignment.ts';
import { nextOperationId } from '../../src/state/operation-id.ts';
import { assignment, id } from '../support/controllers-entries.ts';

interface Row {
  when: string;
  task: Task;
  known: readonly string[];
  expected: string;
}

describe('nextOperationId', () => {
  test.each<Row>([
    { when: 'init is asked', task: 'init', known: [], expected: 'init' },
    { when: 'init is asked again', task: 'init', known: ['init'], expected: 'init' },
    {
      when: 'the node never joined',
      task: 'join-control-plane',
      known: [`join-control-plane-${id(2)}-4`, `join-worker-${id(1)}-2`],
      expected: `join-control-plane-${id(1)}-1`,
    },
    {
      when: 'the node joined before',
      task: 'join-worker',
      known: [`join-worker-${id(1)}-2`, `join-worker-${id(1)}-10`, `join-worker-${id(1)}-3`],
      expected: `join-worker-${id(1)}-11`,
    },
  ])('when $when', ({ task, known, expected }) => {
    expect(nextOperationId(task, id(1), known)).toBe(expected);
  });

  test('fits the schema of an assignment', () => {
    const operationId = nextOperationId('join-control-plane', id(1), []);
    const value = assignment(1, { operationId });
    expect(assignmentSchema.parse(value)).toEqual(value);
  });
});

import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import { refuseLostTerm } from '../../src/state/fencing.ts';

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

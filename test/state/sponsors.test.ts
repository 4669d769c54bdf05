import { describe, expect, test } from '@jest/globals';
import { dealSponsors } from '../../src/state/sponsors.ts';
import { id } from '../support/controllers-entries.ts';

describe('dealSponsors', () => {
  test('goes round among sponsors that have nothing to do', () => {
    expect(dealSponsors(['a', 'b', 'c', 'd'], [id(3), id(1), id(2)], [])).toEqual([
      { join: 'a', sponsor: id(1) },
      { join: 'b', sponsor: id(2) },
      { join: 'c', sponsor: id(3) },
      { join: 'd', sponsor: id(1) },
    ]);
  });

  test('spares those that are busy', () => {
    const busy = [id(1), id(1), id(2), id(9)];
    expect(dealSponsors(['a', 'b', 'c'], [id(1), id(2)], busy)).toEqual([
      { join: 'a', sponsor: id(2) },
      { join: 'b', sponsor: id(1) },
      { join: 'c', sponsor: id(2) },
    ]);
  });

  test('deals nothing without sponsors', () => {
    expect(dealSponsors(['a'], [], [])).toEqual([]);
  });
});

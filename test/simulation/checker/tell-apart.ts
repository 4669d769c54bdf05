import { describe, expect, test } from '@jest/globals';
import { brokenAt, lastOf, type Row } from './entries.ts';

interface Rows {
  /** Each is broken by its last entry, and by none before. */
  readonly broken: readonly Row[];
  /** Each comes near and is sound. */
  readonly sound: readonly Row[];
}

/** The tests of one invariant. */
export function tellApart(id: string, { broken, sound }: Rows): void {
  describe(id, () => {
    test.each(broken)('is broken when $when', (row) => {
      expect(brokenAt(id, row)).toEqual(lastOf(row));
    });

    test.each(sound)('holds when $when', (row) => {
      expect(brokenAt(id, row)).toEqual([]);
    });
  });
}

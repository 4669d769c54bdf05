import { expect, test } from '@jest/globals';
import type { Probe } from '../../src/state/probe.ts';
import { createReportBook } from '../../src/state/report-book.ts';
import { id } from '../support/controllers-entries.ts';

const silent: readonly Probe[] = [{ nodeId: id(3), incarnation: 1, finding: 'silent' }];
const reached: readonly Probe[] = [{ nodeId: id(3), incarnation: 1, finding: 'reached' }];

test('of each observer the last word counts', () => {
  const book = createReportBook();
  book.heard({ observer: id(2), probes: silent }, 0);
  book.heard({ observer: id(1), probes: silent }, 0);
  book.heard({ observer: id(2), probes: reached }, 1);
  expect(book.reports(2)).toEqual([
    { observer: id(1), probes: silent },
    { observer: id(2), probes: reached },
  ]);
});

test('an observer that is heard no more counts no more after 25 s', () => {
  const book = createReportBook();
  book.heard({ observer: id(2), probes: silent }, 0);
  expect(book.reports(25_000)).toHaveLength(1);
  expect(book.reports(25_001)).toEqual([]);
});

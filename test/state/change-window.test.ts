import { expect, test } from '@jest/globals';
import { isWithinWindow } from '../../src/state/change-window.ts';

const NIGHT = { start: '23:30', lengthMinutes: 60 };

// 2026-03-02 is a Monday.
test.each([
  { at: '2026-03-02T23:29:59Z', window: NIGHT, is: false },
  { at: '2026-03-02T23:30:00Z', window: NIGHT, is: true },
  { at: '2026-03-03T00:29:59Z', window: NIGHT, is: true },
  { at: '2026-03-03T00:30:00Z', window: NIGHT, is: false },
  { at: '2026-03-02T23:45:00Z', window: { ...NIGHT, days: ['monday' as const] }, is: true },
  { at: '2026-03-03T00:15:00Z', window: { ...NIGHT, days: ['monday' as const] }, is: true },
  { at: '2026-03-03T23:45:00Z', window: { ...NIGHT, days: ['monday' as const] }, is: false },
  { at: '2026-03-02T12:00:00Z', window: { start: '00:00', lengthMinutes: 1_440 }, is: true },
])('$at is within $window.start for $window.lengthMinutes min: $is', ({ at, window, is }) => {
  expect(isWithinWindow(window, Date.parse(at))).toBe(is);
});

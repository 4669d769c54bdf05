import { describe, expect, test } from '@jest/globals';
import { clockDisagreement } from '../../src/state/clock-agreement.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 31_557_600_000;

function sights(...aheadMs: readonly (number | null)[]) {
  return aheadMs.map((ahead, index) => ({ nodeId: `node${index}`, aheadMs: ahead }));
}

describe('the wall clock of a host', () => {
  test.each<[string, readonly (number | null)[], 'judges' | 'differs' | 'unknown']>([
    ['that is alone judges by itself', [], 'judges'],
    ['that all share judges', [0, 60_000, -HOUR_MS], 'judges'],
    ['that most share judges', [YEAR_MS, 0, 0, -YEAR_MS], 'judges'],
    ['that half share does not', [0, YEAR_MS, YEAR_MS], 'differs'],
    ['that jumped does not', [-YEAR_MS, -YEAR_MS], 'differs'],
    ['a little more than an hour off does not', [HOUR_MS + 1], 'differs'],
    ['of which nobody tells does not', [null, null], 'unknown'],
    ['of which too few tell does not', [0, null, null], 'unknown'],
  ])('%s', (_, aheadMs, verdict) => {
    const why = clockDisagreement(sights(...aheadMs));
    const found = why === undefined ? 'judges' : /differs/.test(why) ? 'differs' : 'unknown';
    expect(found).toBe(verdict);
  });
});

import { expect, test } from '@jest/globals';
import { renderApplied } from '../../src/cli/apply.ts';
import type { SpecAnswer } from '../../src/state/local-changes.ts';

const same: SpecAnswer = { revision: 57, changes: [], wordingKept: true };
const other: SpecAnswer = { ...same, changes: [{ field: 'size', before: 5, after: 4 }] };
const LOST = 'Its comments are not kept: apply it once more.\n';

test.each([
  { answer: same, how: 'none', text: 'Nothing differs from the spec of revision 57.\n' },
  { answer: same, how: 'dry-run', text: 'Nothing differs from the spec of revision 57.\n' },
  {
    answer: same,
    how: 'kept',
    text: 'Nothing differs from the spec of revision 57; its text and comments are kept.\n',
  },
  {
    answer: { ...same, wordingKept: false },
    how: 'kept',
    text: `Nothing differs from the spec of revision 57.\n${LOST}`,
  },
  { answer: other, how: 'kept', text: 'Changed, revision 57:\n  size: 5 → 4\n' },
  { answer: other, how: 'dry-run', text: 'Would be changed:\n  size: 5 → 4\n' },
] as const)('an edit ($how) is told by $text', ({ answer, how, text }) => {
  expect(renderApplied(answer, how)).toBe(text);
});

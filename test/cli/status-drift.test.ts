import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderDrift } from '../../src/cli/status-drift.ts';

const options = { paint: plain, wallMs: 90_000 };
const deviation = {
  hostname: 'n2',
  item: 'kubelet-config',
  message: '/var/lib/kubelet/config.yaml is gone',
  sinceWallMs: 30_000,
};

test('a cluster that nobody changed has no line', () => {
  expect(renderDrift([], options)).toBe('');
});

test.each([
  ['reported', 'left as it is'],
  ['repairing', 'is put back'],
  [
    'kept',
    'left alone: it was put back three times within an hour, and somebody changed it each time',
  ],
] as const)('what is %s is told with what is done about it', (state, what) => {
  expect(renderDrift([{ ...deviation, state }], options).split('\n')).toEqual([
    'Changed by hand:',
    `  n2 kubelet-config: /var/lib/kubelet/config.yaml is gone; ${what} (1m0s)`,
  ]);
});

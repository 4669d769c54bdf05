import { describe, expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderNextExpiry } from '../../src/cli/status-certificates.ts';
import { nextExpiry } from '../../src/state/next-expiry.ts';
import { node } from '../support/controllers-entries.ts';

const DAY_MS = 86_400_000;

function told(number: number, until: number, incarnation = 1) {
  const { nodeId } = node(number);
  const leaf = (name: string, days: number) => ({
    name,
    notBeforeWallMs: 0,
    notAfterWallMs: days * DAY_MS,
  });
  return {
    nodeId,
    incarnation,
    leaves: [leaf('apiserver', until + 1), leaf('kubelet', until)],
    work: null,
  };
}

const REPORT = { certificates: { policy: 'report' } } as const;
const NODES = [node(1), node(2)];
const NEXT = nextExpiry(NODES, [told(1, 90), told(2, 60)], undefined);

describe('the certificate that ends first', () => {
  test('is found among all nodes in their present life', () => {
    expect(NEXT).toEqual({
      name: 'kubelet',
      hostname: 'n2',
      notBeforeWallMs: 0,
      notAfterWallMs: 60 * DAY_MS,
      policy: 'auto',
    });
    expect(nextExpiry(NODES, [told(1, 90), told(2, 60, 2)], REPORT)).toMatchObject({
      hostname: 'n1',
      policy: 'report',
    });
    expect(nextExpiry(NODES, [], undefined)).toBeNull();
  });

  test.each([
    {
      day: 10,
      policy: 'auto',
      says: 'Certificates: the first to end is kubelet on n2, in 50d0h; its kubelet renews it',
    },
    {
      day: 10,
      policy: 'report',
      says: 'Certificates: the first to end is kubelet on n2, in 50d0h',
    },
    {
      day: 50,
      policy: 'report',
      says: 'Certificates: kubelet on n2 ends in 10d0h and is not renewed, as certificates.policy is report',
    },
    { day: 70, policy: 'auto', says: 'Certificates: kubelet on n2 is over since 10d0h' },
  ] as const)('on day $day of 60 with policy $policy reads: $says', ({ day, policy, says }) => {
    const next = NEXT && { ...NEXT, policy };
    expect(renderNextExpiry(next, { paint: plain, wallMs: day * DAY_MS })).toBe(says);
  });

  test.each([
    { day: 10, says: 'in 50d0h; it is renewed in 30d0h' },
    { day: 50, says: 'in 10d0h; its renewal is due since 10d0h' },
  ])('on day $day of 60, where an order renews it, reads: $says', ({ day, says }) => {
    const next = NEXT && { ...NEXT, name: 'apiserver' };
    const line = renderNextExpiry(next, { paint: plain, wallMs: day * DAY_MS });
    expect(line).toBe(`Certificates: the first to end is apiserver on n2, ${says}`);
  });

  test('has no line before any is known', () => {
    expect(renderNextExpiry(null, { paint: plain, wallMs: 0 })).toBe('');
  });
});

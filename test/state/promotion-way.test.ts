import { expect, test } from '@jest/globals';
import { promotionWay } from '../../src/state/promotion-way.ts';

const proven = 'a promotion in place is proven for v1.33 and v1.34';
const bySpec = 'the spec wants it drained and joined anew (replacement.promotion)';

test.each([
  ['in-place', 'v1.33.13', 'in-place', proven],
  ['in-place', 'v1.34.4', 'in-place', proven],
  ['in-place', 'v1.32.9', 'rejoin', `${proven} only, and this is v1.32.9`],
  ['in-place', 'v1.35.1', 'rejoin', `${proven} only, and this is v1.35.1`],
  ['in-place', 'v1.340.1', 'rejoin', `${proven} only, and this is v1.340.1`],
  ['in-place', 'unreadable', 'rejoin', `${proven} only, and this is unreadable`],
  ['rejoin', 'v1.34.4', 'rejoin', bySpec],
  ['rejoin', 'v1.35.1', 'rejoin', bySpec],
] as const)(
  'asked for %s, a worker becomes a control plane of %s by %s',
  (promotion, version, way, why) => {
    expect(promotionWay({ promotion }, version)).toEqual({ way, why });
  },
);

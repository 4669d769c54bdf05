import { expect, test } from '@jest/globals';
import { nextOrderId } from '../../src/state/order-id.ts';
import { id } from '../support/controllers-entries.ts';

test.each([
  { known: [], next: `drain-${id(1)}-1` },
  { known: [`drain-${id(1)}-4`, `drain-${id(2)}-9`], next: `drain-${id(1)}-5` },
  { known: [`upgrade-control-plane-${id(1)}-11`, `prepare-${id(1)}-2`], next: `drain-${id(1)}-12` },
  { known: ['over-apiserver'], next: `drain-${id(1)}-1` },
])('after $known comes $next', ({ known, next }) => {
  expect(nextOrderId('drain', id(1), known)).toBe(next);
});

import { describe, expect, test } from '@jest/globals';
import { ordersOf, swapsOf } from '../../../src/simulation/exploration/control-plane/orders.ts';

describe('orders and swaps of nodes', () => {
  test.each([
    { classes: [], orders: 1, swaps: 1 },
    { classes: [7], orders: 1, swaps: 1 },
    { classes: [1, 2, 3], orders: 6, swaps: 1 },
    { classes: [4, 4, 4], orders: 1, swaps: 6 },
    { classes: [5, 6, 5, 6], orders: 6, swaps: 4 },
  ])('of classes $classes make every order there is once', ({ classes, orders, swaps }) => {
    const made = ordersOf(classes).flatMap((order) =>
      swapsOf(classes).map((swap) => order.map((index) => swap[index])),
    );
    expect([ordersOf(classes).length, swapsOf(classes).length]).toEqual([orders, swaps]);
    expect(new Set(made.map((order) => order.join())).size).toBe(orders * swaps);
  });

  test('swaps stay within a class', () => {
    expect(swapsOf([1, 2, 1])).toEqual([
      [0, 1, 2],
      [2, 1, 0],
    ]);
  });
});

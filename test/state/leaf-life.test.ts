import { describe, expect, test } from '@jest/globals';
import { firstToEnd, isDue, isDueSoon, isOver } from '../../src/state/leaf-life.ts';

const YEAR = { notBeforeWallMs: 0, notAfterWallMs: 300 };

describe('a leaf', () => {
  test.each([
    { name: 'apiserver', wallMs: 194, soon: false, due: false, over: false },
    { name: 'apiserver', wallMs: 195, soon: true, due: false, over: false },
    { name: 'apiserver', wallMs: 199, soon: true, due: false, over: false },
    { name: 'apiserver', wallMs: 200, soon: true, due: true, over: false },
    { name: 'apiserver', wallMs: 300, soon: true, due: true, over: true },
    { name: 'kubelet-serving', wallMs: 200, soon: true, due: true, over: false },
    // The kubelet rotates it by itself, later than that.
    { name: 'kubelet', wallMs: 290, soon: false, due: false, over: false },
    { name: 'kubelet', wallMs: 300, soon: false, due: false, over: true },
  ])('$name at $wallMs of 300 is due soon: $soon, due: $due, over: $over', (each) => {
    const { name, wallMs, soon, due, over } = each;
    const leaf = { name, ...YEAR };
    const found = [isDueSoon(leaf, wallMs), isDue(leaf, wallMs), isOver(leaf, wallMs)];
    expect(found).toEqual([soon, due, over]);
  });

  test('that ends first is found, and none among none', () => {
    const first = { name: 'etcd-peer', notBeforeWallMs: 0, notAfterWallMs: 100 };
    expect([firstToEnd([{ name: 'apiserver', ...YEAR }, first]), firstToEnd([])]).toEqual([
      first,
      undefined,
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { firstToEnd, isDue, isOver } from '../../src/state/leaf-life.ts';

const YEAR = { notBeforeWallMs: 0, notAfterWallMs: 300 };

describe('a leaf', () => {
  test.each([
    { name: 'apiserver', wallMs: 199, due: false, over: false },
    { name: 'apiserver', wallMs: 200, due: true, over: false },
    { name: 'apiserver', wallMs: 300, due: true, over: true },
    { name: 'kubelet-serving', wallMs: 200, due: true, over: false },
    // The kubelet rotates it by itself, later than that.
    { name: 'kubelet', wallMs: 290, due: false, over: false },
    { name: 'kubelet', wallMs: 300, due: false, over: true },
  ])('$name at $wallMs of 300 is due: $due, over: $over', ({ name, wallMs, due, over }) => {
    const leaf = { name, ...YEAR };
    expect([isDue(leaf, wallMs), isOver(leaf, wallMs)]).toEqual([due, over]);
  });

  test('that ends first is found, and none among none', () => {
    const first = { name: 'etcd-peer', notBeforeWallMs: 0, notAfterWallMs: 100 };
    expect([firstToEnd([{ name: 'apiserver', ...YEAR }, first]), firstToEnd([])]).toEqual([
      first,
      undefined,
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { type LabelRequirement, selects } from '../../src/state/label-selector.ts';

const labels = { app: 'web', tier: 'front' };

function expression(
  key: string,
  operator: LabelRequirement['operator'],
  values: readonly string[] = [],
): LabelRequirement {
  return { key, operator, values };
}

describe('a label selector', () => {
  test.each<[LabelRequirement, boolean]>([
    [expression('app', 'In', ['web', 'api']), true],
    [expression('app', 'In', ['api']), false],
    [expression('zone', 'In', ['a']), false],
    [expression('app', 'NotIn', ['web']), false],
    [expression('zone', 'NotIn', ['a']), true],
    [expression('app', 'Exists'), true],
    [expression('zone', 'Exists'), false],
    [expression('zone', 'DoesNotExist'), true],
    [expression('app', 'DoesNotExist'), false],
  ])('with %j selects app=web,tier=front: %s', (requirement, expected) => {
    expect(selects({ matchLabels: {}, matchExpressions: [requirement] }, labels)).toBe(expected);
  });

  test('wants all of its labels, and without any selects everything', () => {
    const of = (matchLabels: Record<string, string>) =>
      selects({ matchLabels, matchExpressions: [] }, labels);
    expect([of({ app: 'web' }), of({ app: 'web', tier: 'back' }), of({})]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

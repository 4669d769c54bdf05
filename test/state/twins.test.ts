import { describe, expect, test } from '@jest/globals';
import { sharedIdentity } from '../../src/state/twins.ts';
import { id, node } from '../support/controllers-entries.ts';

describe('sharedIdentity', () => {
  test.each([
    { what: 'two different machines', other: node(2), shared: undefined },
    { what: 'two of one name', other: node(2, { hostname: 'n1' }), shared: 'hostname' },
    {
      what: 'a clone',
      other: node(2, { machineIdHash: node(1).machineIdHash }),
      shared: 'machine id',
    },
    { what: 'a node and itself', other: node(2, { ...node(1), nodeId: id(1) }), shared: undefined },
  ])('of $what is $shared', ({ other, shared }) => {
    expect(sharedIdentity(node(1), other)).toBe(shared);
  });
});

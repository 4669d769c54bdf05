import { describe, expect, test } from '@jest/globals';
import { parseHostMarker } from '../../src/state/host-marker.ts';

const marker = {
  clusterId: '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11',
  nodeId: 'aaaaaaaaaaa',
  incarnation: 1,
  operationId: 'init',
};

describe('host marker', () => {
  test('reads what was written', () => {
    expect(parseHostMarker(JSON.stringify(marker))).toEqual(marker);
  });

  test.each(['', '{', 'null', '{}', JSON.stringify({ ...marker, clusterId: 'other' })])(
    'makes nothing ours that is no marker: %j',
    (text) => {
      expect(parseHostMarker(text)).toBeUndefined();
    },
  );
});

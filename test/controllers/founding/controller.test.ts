import { expect, test } from '@jest/globals';
import { createFounding } from '../../../src/controllers/founding/controller.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';

const founding = createFounding(clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }));

test('an empty log gets the spec of genesis', () => {
  expect(founding.decide({ specWritten: false })).toEqual([{ type: 'write-spec' }]);
});

test('a spec in the log is left alone', () => {
  expect(founding.decide({ specWritten: true })).toEqual([]);
});

import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { kill } from '../../../lab/machine.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { emptyRoom } from '../support/machines.ts';
import { machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'];

describe('five control planes of which two are lost within ten seconds', () => {
  beforeAll(async () => {
    await formedCluster({ nodes: 7, controlPlanes: 5, kubernetes: '1.34.4' });
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('are five again, with the two workers', async () => {
    const [first = '', second = ''] = await machinesIn('control plane', machines);
    await kill([first]);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await kill([second]);
    const left = machines.filter((name) => name !== first && name !== second);
    await wholeAfter(`power cut of ${first} and ${second}`, { machines: left, controlPlanes: 5 });
  }, 400_000);
});

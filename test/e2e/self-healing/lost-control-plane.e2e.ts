import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { emptyRoom } from '../support/machines.ts';
import { podsOn } from '../support/pods-on.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { deployWeb } from '../support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];

describe('a control plane that loses its power', () => {
  let lost = '';
  let others: readonly string[] = [];
  let workers: readonly string[] = [];
  let podsBefore: readonly string[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    workers = await machinesIn('worker', machines);
    lost = firstOf(await machinesIn('control plane', machines));
    others = machines.filter((name) => name !== lost);
    await deployWeb(lost, 5);
    podsBefore = await podsOfWorkers();
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('is replaced by a worker, under its running pods', async () => {
    await kill([lost]);
    await wholeAfter(`power cut of ${lost}`, { machines: others, controlPlanes: 3 });
    // Those of the lost machine may have come here too.
    expect(await podsOfWorkers()).toEqual(expect.arrayContaining([...podsBefore]));
  }, 300_000);

  test('becomes a worker when it comes back', async () => {
    await boot([lost]);
    await wholeAfter(`boot of ${lost}`, { machines, controlPlanes: 3 });
    expect(await machinesIn('worker', others)).toContain(lost);
  }, 300_000);

  test('is missed by nobody when all lose their power, and comes back with the others', async () => {
    await kill(machines);
    await boot(machines);
    await wholeAfter('power cut and boot of all five', { machines, controlPlanes: 3 });
    expect(await machinesIn('worker', others)).toContain(lost);
  }, 300_000);

  async function podsOfWorkers(): Promise<readonly string[]> {
    return podsOn(firstOf(await machinesIn('control plane', others)), 'web', workers);
  }
});

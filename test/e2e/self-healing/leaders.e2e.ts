import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { leadCivitas, leadEtcd, leadLog, logHolders, logLeader } from '../support/leaders.ts';
import { emptyRoom } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];

describe('one machine that leads the log, etcd and civitas', () => {
  let lost = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    const planes = await machinesIn('control plane', machines);
    lost = firstOf(await logHolders(planes));
    await leadEtcd(lost, planes);
    await leadLog(lost, machines);
    await leadCivitas(lost);
    expect(await logLeader(machines)).toBe(lost);
    process.stdout.write(`${lost} leads the log, etcd and civitas\n`);
  }, 900_000);
  afterAll(emptyRoom, 120_000);

  test('is replaced like any other when it loses its power', async () => {
    await kill([lost]);
    const others = machines.filter((name) => name !== lost);
    await wholeAfter(`power cut of ${lost}`, { machines: others, controlPlanes: 3 });
  }, 300_000);

  test('comes back as a worker', async () => {
    await boot([lost]);
    await wholeAfter(`boot of ${lost}`, { machines, controlPlanes: 3 });
    expect(await machinesIn('worker', machines)).toContain(lost);
  }, 300_000);
});

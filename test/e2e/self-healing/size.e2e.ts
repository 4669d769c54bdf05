import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sh, up, wipe } from '../../../lab/machine.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster, newcomer } from '../support/formed-cluster.ts';
import { civitas, emptyRoom } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3'];
const all = [...machines, 'n4', 'n5'];

describe('a cluster whose size changes', () => {
  let token = '';

  beforeAll(async () => {
    token = await formedCluster({ nodes: 3, controlPlanes: 1, kubernetes: '1.34.4' });
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('has three control planes of one as soon as the spec says so', async () => {
    await editSpec(firstOf(machines), { controlPlanes: 3 });
    await wholeAfter('controlPlanes 1 → 3', { machines, controlPlanes: 3 });
  }, 300_000);

  test('takes new machines with the same token', async () => {
    await up(['n4', 'n5']);
    await Promise.all(['n4', 'n5'].map((machine) => newcomer(machine, token)));
    await wholeAfter('two more machines', { machines: all, controlPlanes: 3 });
  }, 300_000);

  test('has five control planes of three, and three of five', async () => {
    await editSpec(firstOf(machines), { controlPlanes: 5 });
    await wholeAfter('controlPlanes 3 → 5', { machines: all, controlPlanes: 5 });
    await editSpec(firstOf(machines), { controlPlanes: 3 });
    await wholeAfter('controlPlanes 5 → 3', { machines: all, controlPlanes: 3 });
  }, 600_000);

  test('knows a wiped machine again, and gives it work', async () => {
    const wiped = firstOf((await machinesIn('control plane', all)).filter((name) => name !== 'n1'));
    await wipe([wiped]);
    await up([wiped]);
    await newcomer(wiped, token);
    await wholeAfter(`${wiped} wiped`, { machines: all, controlPlanes: 3 });
  }, 300_000);

  test('lets a worker and a control plane leave for good', async () => {
    const worker = firstOf(await machinesIn('worker', all));
    const left = all.filter((name) => name !== worker);
    expect(await civitas(worker, 'leave', '--wait')).toMatchObject({ exitCode: 0 });
    await wholeAfter(`${worker}, a worker, left`, { machines: left, controlPlanes: 3 });

    const plane = firstOf(await machinesIn('control plane', left));
    expect(await civitas(plane, 'leave', '--wait')).toMatchObject({ exitCode: 0 });
    const rest = left.filter((name) => name !== plane);
    await wholeAfter(`${plane}, a control plane, left`, { machines: rest, controlPlanes: 3 });
    const { stdout } = await sh(plane, [
      'sh',
      '-c',
      'ls /etc/kubernetes/*.conf /var/lib/etcd/member 2>/dev/null | wc -l',
    ]);
    expect(stdout.trim()).toBe('0');
  }, 600_000);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sh, up } from '../../../lab/machine.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster, newcomer } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, kubectl, run, viewOf } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4'];
const CLONE = 'n6';
const SPARE = 'n5';
const REFUSED_WITHIN_MS = 60_000;

describe('machines that are not what they say, and machines that only stand by', () => {
  let token = '';

  beforeAll(async () => {
    token = await formedCluster({ nodes: 4, controlPlanes: 3, kubernetes: '1.34.4' });
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('a copy of a disk is refused, both sides say so, and the first one serves on', async () => {
    const first = firstOf(await machinesIn('worker', machines));
    const before = await kubectl(
      firstOf(await machinesIn('control plane', machines)),
      'get',
      'nodes',
    );
    await up([CLONE]);
    const copy = await run(first, [
      'sh',
      '-c',
      'tar -C / -c var/lib/civitas etc/machine-id | base64 -w0',
    ]);
    await run(CLONE, ['sh', '-c', 'base64 -d | tar -C / -x'], copy);
    await newcomer(CLONE, token);
    const told = (machine: string) =>
      eventually(
        async () => (await civitas(machine, 'status', '-o', 'json')).stdout,
        (text) => /clone|same identity|machine id|copies of one state/i.test(text),
        REFUSED_WITHIN_MS,
      );
    await Promise.all([told(CLONE), told(first)]);
    await sh(CLONE, ['systemctl', 'disable', '--now', 'civitas']);
    const after = await kubectl(
      firstOf(await machinesIn('control plane', machines)),
      'get',
      'nodes',
    );
    expect(after.split('\n').length).toBe(before.split('\n').length);
    await wholeAfter(`${CLONE}, a copy of ${first}, was stopped`, { machines, controlPlanes: 3 });
  }, 400_000);

  test('a spare leaves, and nothing of it is left', async () => {
    await editSpec(firstOf(machines), { size: 4 });
    await up([SPARE]);
    await newcomer(SPARE, token);
    await eventually(
      async () => {
        // Its agent has only just been started.
        const view = await viewOf(SPARE).catch(() => undefined);
        return view?.nodes.find(({ hostname }) => hostname === SPARE)?.phase;
      },
      (phase) => phase === 'spare',
      REFUSED_WITHIN_MS,
    );
    expect(await civitas(SPARE, 'leave', '--wait')).toMatchObject({ exitCode: 0 });
    await wholeAfter(`${SPARE}, a spare, left`, { machines, controlPlanes: 3 });
  }, 400_000);
});

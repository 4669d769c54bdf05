import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { cut, heal } from '../../../lab/network.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { deployWeb, webAnswers } from '../support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const HEARD_DEAD_MS = 120_000;

describe('a cluster that loses a quorum', () => {
  let planes: readonly string[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    planes = await machinesIn('control plane', machines);
    await deployWeb(firstOf(planes), 5);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('of its control planes is frozen, says so, and its workloads go on', async () => {
    const lost = planes.slice(1);
    const left = machines.filter((name) => !lost.includes(name));
    await kill(lost);
    // Whether the log is lost with them depends on where its replicas are.
    const frozen = await eventually(
      () => frozenLine(firstOf(left)),
      (line) => lost.every((name) => line.includes(name)),
      HEARD_DEAD_MS,
    );
    process.stdout.write(`two of three control planes lost: ${frozen}\n`);
    for (const machine of left) expect(await webAnswers(machine)).toBe(true);
  }, 300_000);

  test('comes back by itself with its machines', async () => {
    await boot(planes.slice(1));
    await wholeAfter('boot of the two', { machines, controlPlanes: 3 });
    expect(await machinesIn('control plane', machines)).toEqual(planes);
  }, 300_000);

  test('by a partition goes on where three of five are, and is whole when it heals', async () => {
    const [left, right] = [machines.slice(0, 2), machines.slice(2)];
    const pairs = left.flatMap((one) => right.map((other) => [one, other] as const));
    for (const [one, other] of pairs) await cut(one, other);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    for (const [one, other] of pairs) await heal(one, other);
    await wholeAfter('a partition of a minute', { machines, controlPlanes: 3 });
  }, 400_000);
});

async function frozenLine(machine: string): Promise<string> {
  const { stdout } = await civitas(machine, 'status');
  return stdout.split('\n').find((line) => line.startsWith('Frozen:')) ?? '';
}

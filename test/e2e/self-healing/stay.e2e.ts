import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deployBarePod } from '../support/bare-pod.ts';
import { factsFrom } from '../support/cluster-facts.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, viewOf } from '../support/machines.ts';
import { passingMarks } from '../support/node-marks.ts';
import { podsOn } from '../support/pods-on.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4'];
const BEGINS_WITHIN_MS = 60_000;

describe('a node that people asked to leave, and then to stay', () => {
  let planes: readonly string[] = [];
  let asked = '';
  let worker = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 4, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', { machines, controlPlanes: 3 });
    planes = await machinesIn('control plane', machines);
    asked = firstOf(planes);
    worker = firstOf(await machinesIn('worker', machines));
    await deployBarePod(asked, worker);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('keeps Node and pods in the middle of its drain, and takes pods again', async () => {
    const before = await stateOf(worker);
    expect(await civitas(worker, 'leave')).toMatchObject({ exitCode: 0 });
    // The pod, which nobody makes anew, holds the drain up for ten minutes.
    await eventually(
      () => passingMarks(asked),
      (marks) => marks.includes(`${worker}: unschedulable`),
      BEGINS_WITHIN_MS,
    );
    const startedMs = performance.now();
    expect(await civitas(asked, 'leave', '--cancel', worker)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`${worker} stays what it is: a worker.`),
    });
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    process.stdout.write(`${worker} stays, told after ${seconds} s\n`);
    await wholeAfter(`${worker} was asked to stay`, { machines, controlPlanes: 3 });
    await untilUnmarked();
    expect(await stateOf(worker)).toEqual(before);
  }, 300_000);

  test('is a control plane still, and three they are, whatever had begun in its place', async () => {
    const plane = firstOf(planes.filter((name) => name !== asked));
    expect(await civitas(plane, 'leave')).toMatchObject({ exitCode: 0 });
    await eventually(
      async () => (await viewOf(asked)).nodes.filter(({ role }) => role === 'control-plane'),
      (all) => all.length > planes.length,
      BEGINS_WITHIN_MS,
    );
    expect(await civitas(plane, 'leave', '--cancel')).toMatchObject({ exitCode: 0 });
    await wholeAfter(`${plane} was asked to stay`, { machines, controlPlanes: 3 });
    expect(await machinesIn('control plane', machines)).toContain(plane);
    await untilUnmarked();
  }, 300_000);

  test.each([
    { who: 'nobody asked to leave', name: () => worker, exitCode: 1, says: 'Nobody asked ' },
    { who: 'nobody knows', name: () => 'n99', exitCode: 2, says: '' },
  ])('is refused with the revision for a node that $who', async (refused) => {
    const { exitCode, stderr } = await civitas(asked, 'leave', '--cancel', refused.name());
    process.stdout.write(`${stderr}\n`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: refused.exitCode,
      stderr: expect.stringMatching(new RegExp(`^civitas: ${refused.says}.*revision \\d+`)),
    });
  });

  /** Any of them may have become a worker. */
  async function untilUnmarked(): Promise<void> {
    const plane = firstOf(await machinesIn('control plane', machines));
    await eventually(
      () => passingMarks(plane),
      (marks) => marks.length === 0,
      BEGINS_WITHIN_MS,
    );
  }

  /** Its Node, its pods, and the members of etcd. */
  async function stateOf(machine: string) {
    const { nodes, etcdMembers } = await factsFrom(asked);
    return { nodes, etcdMembers, pods: await podsOn(asked, 'bare', [machine]) };
  }
});

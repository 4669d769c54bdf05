import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { decisionsSince } from '../support/decisions-since.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, run, viewOf } from '../support/machines.ts';
import { nextHeir } from '../support/next-heir.ts';
import { podsOn } from '../support/pods-on.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { deployWeb } from '../support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const SIZE = 4;
const WARM_WITHIN_MS = 180_000;

describe('a cluster that wants fewer nodes than there are machines', () => {
  let planes: readonly string[] = [];
  /** A control plane that is never switched off. */
  let asked = '';
  let lost = '';
  let spare = '';
  let worker = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', { machines, controlPlanes: 3 });
    planes = await machinesIn('control plane', machines);
    [asked = '', lost = ''] = planes;
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('drains a worker to a spare, which is warm, holds no key, and is the next heir', async () => {
    await editSpec(asked, { size: SIZE });
    spare = await untilOneIsWarm('size 5 → 4');
    const serving = machines.filter((name) => name !== spare);
    await wholeAfter(`${spare} is a spare`, { machines: serving, controlPlanes: 3 });
    worker = firstOf(await machinesIn('worker', serving));
    expect(await said('status')).toMatch(new RegExp(`^${spare} .*spare \\(warm\\)`, 'm'));
    expect(await imagesOn(spare)).toEqual(await imagesOn(worker));
    expect(await keysOn(spare)).toBe('');
    expect(await nextHeir(asked, [spare, worker])).toBe(spare);
    expect(await said('why-not', 'promote', worker)).toContain(
      `${spare} (warm) would be chosen first`,
    );
  }, 300_000);

  test('gives the place of a control plane to the spare, and leaves its worker alone', async () => {
    await deployWeb(asked, SIZE);
    const podsBefore = await podsOn(asked, 'web', [worker]);
    const sinceWallMs = Date.now();
    await kill([lost]);
    const left = machines.filter((name) => name !== lost);
    await wholeAfter(`power cut of ${lost}`, { machines: left, controlPlanes: 3 });
    const [decided] = (await decisionsSince(asked, sinceWallMs)).filter(isReplacement);
    const seconds = ((Date.now() - (decided?.wallMs ?? 0)) / 1_000).toFixed(1);
    process.stdout.write(`decision → ${spare} joined, all whole: ${seconds} s\n`);
    expect(decided).toMatchObject({
      hostname: lost,
      summary: `${lost} is lost and gives its place as control plane to ${spare}`,
    });
    expect(await machinesIn('worker', left)).toEqual([worker]);
    expect(await podsOn(asked, 'web', [worker])).toEqual(expect.arrayContaining([...podsBefore]));
  }, 300_000);

  test('says afterwards why it was the spare, and why not the worker', async () => {
    const why = `${spare}, the best warm spare for it, becomes a control plane`;
    expect(await said('explain', spare)).toContain(`Because:  ${why}`);
    expect(await said('history', '--node', spare)).toContain(why);
    const answer = await said('why-not', 'promote', worker);
    process.stdout.write(`${answer}\n`);
    expect(answer).toContain('as many as the spec asks for');
    expect(answer).toContain(`${worker} is a worker, and ${spare} has no pods to disturb`);
  });

  test('has the lost one for a spare when it comes back, warm and clean', async () => {
    await boot([lost]);
    expect(await untilOneIsWarm(`boot of ${lost}`)).toBe(lost);
    expect(await keysOn(lost)).toBe('');
    const serving = machines.filter((name) => name !== lost);
    await wholeAfter(`${lost} is a spare`, { machines: serving, controlPlanes: 3 });
  }, 300_000);

  async function untilOneIsWarm(what: string): Promise<string> {
    const startedMs = performance.now();
    const warm = await eventually(
      async () => (await viewOf(asked)).nodes.filter(({ standBy }) => standBy === 'warm'),
      (nodes) => nodes.length > 0,
      WARM_WITHIN_MS,
    );
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    process.stdout.write(`${what}: a warm spare after ${seconds} s\n`);
    return firstOf(warm.map(({ hostname }) => hostname));
  }

  async function said(...argv: readonly string[]): Promise<string> {
    return (await civitas(asked, ...argv)).stdout;
  }
});

function isReplacement({ action }: { readonly action: string }): boolean {
  return action === 'replace';
}

/** Images of Kubernetes that a machine has. */
async function imagesOn(machine: string): Promise<readonly string[]> {
  const all = await run(machine, ['ctr', '--namespace=k8s.io', 'images', 'list', '--quiet']);
  return all.split('\n').filter((name) => /\/(kube-|etcd|coredns|pause)/.test(name));
}

function keysOn(machine: string): Promise<string> {
  return run(machine, [
    'sh',
    '-c',
    'find /etc/kubernetes /var/lib/kubelet/pki -type f 2>/dev/null || true',
  ]);
}

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { restartStaticPod } from '../../src/adapters/static-pod-process.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const SCHEDULER = ['kube-scheduler', '--kubeconfig=/etc/kubernetes/scheduler.conf'];

async function run(root: string, processId: number, comm: string, words: readonly string[]) {
  const folder = join(root, 'proc', String(processId));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'comm'), `${comm}\n`);
  await writeFile(join(folder, 'cmdline'), `${words.join('\0')}\0`);
}

/** Each sleep lets `later` happen. */
function clockThat(later: () => Promise<void>): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    async sleep(delayMs) {
      nowMs += delayMs;
      await later();
    },
  };
}

describe('the process of a static pod', () => {
  test('is ended, and awaited under another id', async () => {
    const root = await newFolder();
    await run(root, 10, 'kube-scheduler', SCHEDULER);
    await run(root, 11, 'kube-scheduler', ['kube-scheduler', '--kubeconfig=/home/me/config']);
    const ended: number[] = [];
    const clock = clockThat(async () => {
      await rm(join(root, 'proc/10'), { recursive: true, force: true });
      if (clock.nowMs() >= 1_500) await run(root, 12, 'kube-scheduler', SCHEDULER);
    });
    await restartStaticPod('kube-scheduler', { clock, root, terminate: (id) => ended.push(id) });
    expect([ended, clock.nowMs()]).toEqual([[10], 1_500]);
  });

  test('that does not run is left to the kubelet', async () => {
    const root = await newFolder();
    await run(root, 10, 'etcd', ['etcd', '--data-dir=/data']);
    const ended: number[] = [];
    const clock = clockThat(async () => undefined);
    await restartStaticPod('etcd', { clock, root, terminate: (id) => ended.push(id) });
    expect([ended, clock.nowMs()]).toEqual([[], 0]);
  });

  test('that never comes back is told', async () => {
    const root = await newFolder();
    const words = [
      'kube-controller-manager',
      '--kubeconfig=/etc/kubernetes/controller-manager.conf',
    ];
    await run(root, 10, 'kube-controller', words);
    const clock = clockThat(async () => undefined);
    const gone = () => {
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    };
    await expect(
      restartStaticPod('kube-controller-manager', { clock, root, terminate: gone }),
    ).rejects.toMatchObject({ code: 'certificates.not-restarted' });
    expect(clock.nowMs()).toBe(120_000);
  });
});

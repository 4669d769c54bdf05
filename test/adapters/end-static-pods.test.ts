import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { endStaticPods } from '../../src/adapters/end-static-pods.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const PROCESSES = [
  [10, 'etcd', ['etcd', '--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt']],
  [11, 'kube-apiserver', ['kube-apiserver', '--tls-cert-file=/etc/kubernetes/pki/apiserver.crt']],
  [
    12,
    'kube-controller',
    ['kube-controller-manager', '--kubeconfig=/etc/kubernetes/controller-manager.conf'],
  ],
  [13, 'kube-scheduler', ['kube-scheduler', '--kubeconfig=/etc/kubernetes/scheduler.conf']],
  // Of somebody else.
  [14, 'etcd', ['etcd', '--data-dir=/data']],
] as const;

async function host(): Promise<string> {
  const root = await newFolder();
  for (const [id, comm, words] of PROCESSES) {
    const folder = join(root, 'proc', String(id));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'comm'), `${comm}\n`);
    await writeFile(join(folder, 'cmdline'), `${words.join('\0')}\0`);
  }
  return root;
}

function clockOf(later: (nowMs: number) => Promise<void>): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    async sleep(delayMs) {
      nowMs += delayMs;
      await later(nowMs);
    },
  };
}

/** What was sent to whom, when a process takes its time to end, or only ends when it is killed. */
async function signals({ endsMs, stubborn }: { endsMs: number; stubborn?: number }) {
  const root = await host();
  const sent: string[] = [];
  const asked = new Map<number, number>();
  const clock = clockOf(async (nowMs) => {
    for (const [id, sinceMs] of asked) {
      if (id !== stubborn && nowMs - sinceMs >= endsMs) await gone(root, id);
    }
  });
  const ended = endStaticPods({
    clock,
    root,
    signal: (id, name) => {
      sent.push(`${name} ${id}`);
      asked.set(id, clock.nowMs());
      if (name === 'SIGKILL') asked.set(id, Number.NEGATIVE_INFINITY);
    },
  });
  return { sent, ended, clock };
}

function gone(root: string, id: number): Promise<void> {
  return rm(join(root, 'proc', String(id)), { recursive: true, force: true });
}

describe('the static pods of a host', () => {
  test('are ended one after the other, etcd last, and nobody else', async () => {
    const { sent, ended } = await signals({ endsMs: 1_000 });
    await ended;
    expect(sent).toEqual(['SIGTERM 13', 'SIGTERM 12', 'SIGTERM 11', 'SIGTERM 10']);
  });

  test('an API server that does not end is killed after 15 s', async () => {
    const root = await host();
    const sent: string[] = [];
    const clock = clockOf(async () => {});
    await endStaticPods({
      clock,
      root,
      signal: (id, name) => {
        sent.push(`${clock.nowMs()} ${name} ${id}`);
        if (id === 11 && name === 'SIGTERM') return;
        void gone(root, id);
      },
    });
    expect(sent.filter((each) => each.endsWith(' 11'))).toEqual([
      expect.stringContaining('SIGTERM 11'),
      expect.stringContaining('SIGKILL 11'),
    ]);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(15_000);
  });

  test('an etcd that does not end is told, and never killed', async () => {
    const { sent, ended } = await signals({ endsMs: 200, stubborn: 10 });
    await expect(ended).rejects.toMatchObject({ code: 'host.processes', retryable: true });
    expect(sent.filter((each) => each.endsWith(' 10'))).toEqual(['SIGTERM 10']);
  });
});

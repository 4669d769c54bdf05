import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../../src/adapters/host-file-system.ts';
import { findLocalVolumes } from '../../../src/controllers/enrolment/find-local-volumes.ts';
import { TerminalError } from '../../../src/errors.ts';
import { temporaryFolders } from '../../adapters/temporary-folder.ts';

const PODS = '/var/lib/kubelet/pods';
const MOST_PODS = 1_024;
const newFolder = temporaryFolders();

let root: string;

beforeEach(async () => {
  root = await newFolder();
});

describe('local volumes of the pods on a host', () => {
  test.each<{
    readonly when: string;
    readonly folders: readonly string[];
    readonly found: boolean;
  }>([
    { when: 'no kubelet has ever run', folders: [], found: false },
    { when: 'no pod runs', folders: [PODS], found: false },
    {
      when: 'pods have volumes of other kinds',
      folders: [
        `${PODS}/a/volumes/kubernetes.io~projected/kube-api-access`,
        `${PODS}/b/volumes/kubernetes.io~csi/pvc-1/mount`,
        `${PODS}/c/etc-hosts`,
      ],
      found: false,
    },
    {
      when: 'the only one was unmounted',
      folders: [`${PODS}/a/volumes/kubernetes.io~local-volume`],
      found: false,
    },
    {
      when: 'the second of two pods has one',
      folders: [
        `${PODS}/a/volumes/kubernetes.io~empty-dir/tmp`,
        `${PODS}/b/volumes/kubernetes.io~local-volume/data`,
      ],
      found: true,
    },
    {
      when: 'a pod takes one as a block device',
      folders: [`${PODS}/a/volumeDevices/kubernetes.io~local-volume/data`],
      found: true,
    },
  ])('when $when', async ({ folders, found }) => {
    for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
    expect(await findLocalVolumes(createHostFileSystem(root))).toBe(found);
  });

  test('are not known where a folder can not be read', async () => {
    const folder = join(root, `${PODS}/a/volumes/kubernetes.io~local-volume`);
    await mkdir(dirname(folder), { recursive: true });
    await symlink(folder, folder);
    expect(await findLocalVolumes(createHostFileSystem(root))).toBeUndefined();
  });

  test.each([
    { when: 'as many pods as are looked at', pods: MOST_PODS, found: false },
    { when: 'more pods than are looked at', pods: MOST_PODS + 1, found: undefined },
  ])('with $when, none of which has one', async ({ pods, found }) => {
    const names = Array.from({ length: pods }, (_, number) => `pod-${number}`);
    const files = { list: async (folder: string) => (folder === PODS ? names : []) };
    expect(await findLocalVolumes(files)).toBe(found);
  });

  test('are no excuse for a host that does not work at all', async () => {
    const broken = new TerminalError('test.broken', 'this host is broken');
    const files = { list: () => Promise.reject(broken) };
    await expect(findLocalVolumes(files)).rejects.toBe(broken);
  });
});

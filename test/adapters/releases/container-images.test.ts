import { expect, test } from '@jest/globals';
import type { RunCommand } from '../../../src/adapters/execa-exec.ts';
import { createContainerImages } from '../../../src/adapters/releases/container-images.ts';

const PAUSE = 'registry.k8s.io/pause:3.10';

/** `ctr` that has these images whatever it imports, and ends with this exit code. */
function ctr(images: readonly string[], exitCode = 0): RunCommand {
  return async () => ({ exitCode, stdout: images.join('\n'), stderr: 'connection refused' });
}

test('images are listed by name, without their digests', async () => {
  const names = ['sha256:0011', 'registry.k8s.io/etcd:3.6.5-0', PAUSE, ''];
  const images = createContainerImages(ctr(names));
  expect(await images.list()).toEqual(['registry.k8s.io/etcd:3.6.5-0', PAUSE]);
});

test('an archive that does not bring its images is told by their names', async () => {
  await createContainerImages(ctr([PAUSE])).importArchive('/images.tar', [PAUSE]);
  const importing = createContainerImages(ctr([])).importArchive('/images.tar', [PAUSE]);
  await expect(importing).rejects.toMatchObject({
    code: 'release.runtime',
    message: expect.stringContaining(PAUSE),
  });
});

test('a runtime that does not answer says why', async () => {
  await expect(createContainerImages(ctr([], 1)).list()).rejects.toMatchObject({
    code: 'release.runtime',
    retryable: true,
    message: expect.stringContaining('connection refused'),
  });
});

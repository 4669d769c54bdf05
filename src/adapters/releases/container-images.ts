import { RetryableError } from '../../errors.ts';
import { type RunCommand, runOrThrow } from '../execa-exec.ts';

/** containerd's own client, which comes with it; what the kubelet runs stands in this namespace. */
const CTR = 'ctr';
const NAMESPACE = '--namespace=k8s.io';
/** The kubelet never deletes images with this label, which containerd's CRI plugin tells it of. */
const PINNED = 'io.cri-containerd.pinned=pinned';

const SHORT_TIMEOUT_MS = 20_000;
const IMPORT_TIMEOUT_MS = 900_000;

/** The container runtime's store of images. All reject with RetryableError `release.runtime`. */
export interface ContainerImages {
  /** Names, sorted. */
  list(): Promise<readonly string[]>;
  /** Takes an archive in that has these images. */
  importArchive(path: string, images: readonly string[]): Promise<void>;
  /** These stay when the kubelet clears its disk. */
  pin(images: readonly string[]): Promise<void>;
}

export function createContainerImages(run: RunCommand): ContainerImages {
  const ctr = (timeoutMs: number, ...args: readonly string[]) =>
    runOrThrow(run, 'release.runtime', CTR, [NAMESPACE, ...args], { timeoutMs });

  async function list(): Promise<readonly string[]> {
    const answer = await ctr(SHORT_TIMEOUT_MS, 'images', 'list', '--quiet');
    return answer.split('\n').filter(isName).toSorted();
  }

  return {
    list,
    async importArchive(path, images) {
      await ctr(IMPORT_TIMEOUT_MS, 'images', 'import', path);
      const there = await list();
      const missing = images.filter((image) => !there.includes(image));
      if (missing.length > 0) throw notInArchive(path, missing);
    },
    async pin(images) {
      for (const image of images) await ctr(SHORT_TIMEOUT_MS, 'images', 'label', image, PINNED);
    },
  };
}

/** containerd also names each image by its digest. */
function isName(line: string): boolean {
  return line !== '' && !line.startsWith('sha256:');
}

function notInArchive(path: string, missing: readonly string[]): RetryableError {
  return new RetryableError(
    'release.runtime',
    `containerd took ${path} in and does not have ${missing.join(', ')} by that name: make the bundle again.`,
  );
}

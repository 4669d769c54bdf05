import { imagePath, imagesOfRelease } from '../release-files.ts';
import { putFile } from '../simulated-disk.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, say, work } from './run.ts';

/** `kubeadm config images list`: a name on each line. */
export function listImages(run: KubeadmRun): void {
  for (const image of wantedImages(run)) say(run, image);
}

/** `kubeadm config images pull`. */
export async function pullImages(run: KubeadmRun): Promise<void> {
  await work(run, PHASE_TIMINGS.imagePullMs);
  if (run.host.broken.has('registries'))
    throw new KubeadmFailure(`failed to pull image ${wantedImages(run)[0]}`);
  const nowMs = run.world.clock.nowMs();
  for (const image of wantedImages(run)) {
    putFile(run.host.disk, imagePath(image), { content: '', mode: 0o600, nowMs, synced: true });
    say(run, `[config/images] Pulled ${image}`);
  }
}

function wantedImages({ arguments: { flags }, kubeadmVersion }: KubeadmRun): readonly string[] {
  return imagesOfRelease(flags.get('--kubernetes-version') ?? kubeadmVersion);
}

import { LabError } from '../lab-error.ts';
import { withLock } from '../lock.ts';
import { say } from '../progress.ts';
import { kubernetesVersions } from '../settings.ts';
import { type Artefact, ensureArtefact } from './artefact.ts';
import { goPrograms } from './go-programs.ts';
import { installHostPackages } from './host-packages.ts';
import { wantedImages } from './images.ts';
import { natsServer } from './nats-server.ts';
import { debian, rootfs } from './rootfs.ts';
import { store } from './store.ts';

/**
 * Builds what machines need and is not built yet: programs, machine image, image store. Interrupted
 * at any moment it can be run again; a second one at the same time waits for the first.
 */
export async function build(options: { readonly verbose: boolean }): Promise<void> {
  await installHostPackages();
  await withLock('build', async () => {
    const ensure = async (artefact: Artefact) => {
      const outcome = await ensureArtefact(artefact);
      if (outcome === 'kept' && options.verbose) say(`${artefact.title}: there already`);
      return artefact.key;
    };
    const keys: string[] = [];
    for (const program of await goPrograms()) keys.push(await ensure(program));
    await ensure(natsServer());
    const base = await ensure(debian());
    const image = await ensure(await rootfs(base, await pauseImage()));
    await ensure(await store([...keys, image]));
  });
}

async function pauseImage(): Promise<string> {
  const [newest] = kubernetesVersions;
  const pause = (await wantedImages(newest)).find((name) => name.includes('/pause:'));
  if (pause !== undefined) return pause;
  throw new LabError(
    `kubeadm ${newest} names no pause image: \`kubeadm config images list\` shows why`,
  );
}

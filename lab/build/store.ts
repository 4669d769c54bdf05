import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hostWhileAlive } from '../host.ts';
import { artefactPath } from '../settings.ts';
import { type Artefact, keyOf } from './artefact.ts';
import { labImages } from './images.ts';
import { writeOciLayout } from './oci-layout.ts';

// Pinned: a kubelet short of disk would otherwise delete images that nobody can pull again.
const IMPORT = `
containerd >/dev/null 2>&1 &
daemon=$!
until ctr version >/dev/null 2>&1; do sleep 0.1; done
set -e
tar --create --directory=/images . | ctr --namespace=k8s.io images import - >/dev/null
for image in $(ctr --namespace=k8s.io images list --quiet); do
  ctr --namespace=k8s.io images label "$image" io.cri-containerd.pinned=pinned >/dev/null
done
kill $daemon
wait $daemon
`;

/** containerd's folder with every image unpacked: machines start from it and pull nothing. */
export async function store(inputKeys: readonly string[]): Promise<Artefact> {
  const recipe = await Promise.all(
    ['images.ts', 'oci-layout.ts', 'store.ts', 'userland.ts'].map((each) =>
      readFile(join(import.meta.dirname, each), 'utf8'),
    ),
  );
  return {
    name: 'store',
    title: 'images, packed and unpacked into a containerd store',
    key: keyOf(...inputKeys, ...recipe),
    make: fill,
  };
}

async function fill(folder: string): Promise<void> {
  const images = `${folder}.images`;
  const scratch = `${folder}.scratch`;
  for (const each of [images, scratch]) {
    await rm(each, { recursive: true, force: true });
    await mkdir(each);
  }
  await writeOciLayout(images, await labImages(scratch));
  await hostWhileAlive('systemd-nspawn', [
    ...['--quiet', '--register=no', '--keep-unit', '--as-pid2', '--private-network'],
    ...[`--directory=${artefactPath('rootfs')}`, '--volatile=overlay', '--console=pipe'],
    ...['--capability=all', '--resolv-conf=off', '--timezone=off', '--link-journal=no'],
    ...[`--bind=${folder}:/var/lib/containerd`, `--bind-ro=${images}:/images`],
    ...['sh', '-c', IMPORT],
  ]);
  for (const each of [images, scratch, join(folder, 'tmpmounts')])
    await rm(each, { recursive: true, force: true });
}

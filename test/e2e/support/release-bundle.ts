import { civitas, run } from './machines.ts';

const PROGRAMS = '/opt/k8s';

/** Makes a bundle of a release from what a machine has of it, as people do where there is internet; its path. */
export async function makeBundle(machine: string, release: string): Promise<string> {
  const [programs, images, bundle] = [
    `${PROGRAMS}/${release.slice(1)}`,
    '/root/images.tar',
    `/root/${release}.bundle`,
  ];
  const list = `${programs}/kubeadm config images list --kubernetes-version=${release}`;
  const exporting = `ctr --namespace=k8s.io images export ${images} $(${list})`;
  await run(machine, ['sh', '-ec', exporting]);
  const parts = ['--kubernetes', release, '--programs', programs, '--images', images];
  const made = await civitas(machine, 'bundle', 'create', ...parts, '-o', bundle);
  if (made.exitCode !== 0) throw new Error(`${machine}: no bundle was made: ${made.stderr}`);
  return bundle;
}

/** A copy of which one byte of the first program is another; its path. */
export async function damagedCopy(machine: string, bundle: string): Promise<string> {
  const [copy, at] = [`${bundle}.damaged`, 50_000_000];
  const read = `od --address-radix=n --format=u1 --skip-bytes=${at} --read-bytes=1 ${copy}`;
  const write = `dd of=${copy} bs=1 seek=${at} conv=notrunc status=none`;
  const another = `if [ $(${read}) = 0 ]; then printf '\\001'; else printf '\\000'; fi`;
  await run(machine, ['sh', '-ec', `cp ${bundle} ${copy}; { ${another}; } | ${write}`]);
  return copy;
}

/** From then on a machine has neither programs nor images of a release, until it loses its power. */
export async function takeReleaseAway(machine: string, release: string): Promise<void> {
  const tag = release.replaceAll('.', '\\.');
  // containerd names each image by its digest as well, and keeps it for that name.
  const named = `NR == FNR { if ($1 ~ /:${tag}$/) gone[$3]; next } $3 in gone { print $1 }`;
  const script = `ctr --namespace=k8s.io images list >/run/images
    awk '${named}' /run/images /run/images | xargs ctr --namespace=k8s.io images remove --sync
    mount -t tmpfs -o mode=755 none ${PROGRAMS}/${release.slice(1)}`;
  await run(machine, ['sh', '-ec', script]);
}

import { webImage } from '../../../lab/build/images.ts';
import { run } from './machines.ts';

const CTR = 'ctr --namespace=k8s.io images';
const KEPT_IMAGE = 'lab.local/kept:1';
const KEPT_PROGRAMS = '/opt/kept';
const ONLY_VERSION = `#!/bin/sh
[ "$1" = --version ] && exec ${KEPT_PROGRAMS}/kubelet --version
exit 1
`;

/** Containers of that image can not start on a machine any more, which its name does not tell. */
export async function breakImage(machine: string, image: string): Promise<void> {
  const keep = `${CTR} tag ${image} ${KEPT_IMAGE}`;
  await run(machine, ['sh', '-ec', `${keep}; ${CTR} tag --force ${webImage} ${image}`]);
}

export async function mendImage(machine: string, image: string): Promise<void> {
  const giveBack = `${CTR} tag --force ${KEPT_IMAGE} ${image}`;
  await run(machine, ['sh', '-ec', `${giveBack}; ${CTR} remove ${KEPT_IMAGE}`]);
}

/** The kubelet of that release tells its version on a machine, and does nothing else any more. */
export async function breakKubelet(machine: string, release: string): Promise<void> {
  const folder = programsOf(release);
  const script = `cp --archive ${folder} ${KEPT_PROGRAMS}
    mount -t tmpfs -o mode=755 none ${folder}
    ln -s ${KEPT_PROGRAMS}/kubeadm ${KEPT_PROGRAMS}/kubectl ${folder}
    cat >${folder}/kubelet
    chmod 755 ${folder}/kubelet`;
  await run(machine, ['sh', '-ec', script], ONLY_VERSION);
}

/** Not while that kubelet is linked. */
export async function mendKubelet(machine: string, release: string): Promise<void> {
  await run(machine, ['umount', '--lazy', programsOf(release)]);
}

function programsOf(release: string): string {
  return `/opt/k8s/${release.slice(1)}`;
}

import type { Arch, BundleFile } from '../state/bundle.ts';
import type { ReleaseProgram } from '../state/release-programs.ts';
import { type ReleaseBuild, sumKey } from '../state/release-sums.ts';
import { DEFAULT_VERSIONS } from './kubernetes-binaries.ts';
import { imageOf, minorOf } from './kubernetes-releases.ts';
import { COMPONENTS } from './paths.ts';
import { simulatedDigest } from './simulated-digest.ts';
import { listFolder, readFile, type SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';

/** Every simulated machine has this processor. */
const SIMULATED_ARCH: Arch = 'amd64';
/** Files of bundles, by their sum. */
const BUNDLE_FOLDER = '/var/lib/civitas/bundle';
/** Stands for the container runtime's store: a file for each image. */
const IMAGE_FOLDER = '/var/lib/containerd/images';

/** What answers at a URL. */
export interface SimulatedMirror {
  readonly versions: readonly string[];
  /** Programs of which it sends other bytes than those whose sums it tells, `v1.34.5/amd64/kubelet`. */
  readonly wrong?: readonly string[];
  readonly isDown?: boolean;
}

/** Stands for the bytes of a program as its makers released it. */
export function programContent(version: string, program: ReleaseProgram): string {
  return sumKey(buildOf(version), program);
}

/** The SHA-256 that its makers tell of it. */
export function programSum(version: string, program: ReleaseProgram): string {
  return simulatedDigest(programContent(version, program));
}

export function buildOf(version: string): ReleaseBuild {
  return { version, arch: SIMULATED_ARCH };
}

/** Images that `kubeadm config images list` names for a release. */
export function imagesOfRelease(version: string): readonly string[] {
  const [coredns, pause] = minorOf(version) >= 34 ? ['v1.12.1', '3.10.1'] : ['v1.12.0', '3.10'];
  return [
    ...COMPONENTS.map((component) => imageOf(component, version)),
    `registry.k8s.io/kube-proxy:${version}`,
    `registry.k8s.io/coredns/coredns:${coredns}`,
    `registry.k8s.io/pause:${pause}`,
  ];
}

/** Where a file of a bundle stands on a host that has it. */
export function bundlePath({ sha256 }: Pick<BundleFile, 'sha256'>): string {
  return `${BUNDLE_FOLDER}/${sha256}`;
}

/** Where an image stands on a host that pulled or imported it. */
export function imagePath(image: string): string {
  return `${IMAGE_FOLDER}/${encodeURIComponent(image)}`;
}

/** Images that were pulled or imported, and those of the releases that the host came with. */
export function imagesOn({ spec, disk }: SimulatedHost): readonly string[] {
  const added = listFolder(disk, IMAGE_FOLDER).map(decodeURIComponent);
  const found = (spec.kubernetesVersions ?? DEFAULT_VERSIONS).flatMap(imagesOfRelease);
  return [...new Set([...added, ...found])].sort();
}

/** Undefined on a host without that file of a bundle. */
export function bundleContent(disk: SimulatedDisk, sha256: string): string | undefined {
  return readFile(disk, bundlePath({ sha256 }));
}

import { remembered } from './remembered.ts';

/** Container image of a static pod with one container, as kubeadm writes it; undefined where none is named. */
export const imageOfManifest = remembered((manifest): string | undefined => {
  return /^\s*(?:-\s+)?image:\s*["']?([^\s"']+)/m.exec(manifest)?.[1];
});

/** The version that the tag of a static pod's image names; undefined as `versionOfImage` says, and without an image. */
export function versionOfManifest(manifest: string): string | undefined {
  return versionOfImage(imageOfManifest(manifest) ?? '');
}

/**
 * The version that an image's tag names: `v1.34.4`, or `3.6.5` of etcd's `3.6.5-0`. Undefined for a tag
 * of another form, or none.
 */
export function versionOfImage(image: string): string | undefined {
  const tag = /:([^:/@]+)(?:@|$)/.exec(image)?.[1] ?? '';
  return /^v?\d+\.\d+\.\d+/.exec(tag)?.[0];
}

import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/** A processor as Kubernetes names it. */
export const archSchema = z.enum(['amd64', 'arm64', 'ppc64le', 's390x']);

export const MOST_PROGRAM_BYTES = 1_073_741_824;
/** What the size field of a plain tar header can hold. */
const MOST_IMAGES_BYTES = 8_589_934_591;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const fileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'must be a plain name in lower case');

/** Letters and marks of a reference; none can be taken for an option. */
const imageName = z
  .string()
  .max(200)
  .regex(/^[a-z0-9][\w./:@-]*$/, 'must be the full name of an image');

/** One file of a bundle: a program of the release by its name, or an archive of container images. */
const bundleFileSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('program'),
    name: z.enum(['kubeadm', 'kubelet', 'kubectl']),
    bytes: z.int().min(1).max(MOST_PROGRAM_BYTES),
    sha256,
  }),
  z.strictObject({
    type: z.literal('images'),
    name: fileName,
    bytes: z.int().min(1).max(MOST_IMAGES_BYTES),
    sha256,
    /** Full names, `registry.k8s.io/pause:3.10`. */
    images: z.array(imageName).min(1).max(64),
  }),
]);

/** What a bundle says of itself: the first file in its archive. */
export const bundleManifestSchema = z.strictObject({
  /** Of this form. */
  bundle: z.literal(1),
  version: z.string().regex(/^v1\.\d{1,3}\.\d{1,3}$/, 'must look like v1.34.4'),
  arch: archSchema,
  files: z.array(bundleFileSchema).min(1).max(32).refine(areDistinct, 'must have distinct names'),
});

/**
 * A bundle that people loaded: key `<version>/<arch>`, written on behalf of `civitas bundle load`. By it
 * every node knows the sums of files that it gets from others; a later one takes its place.
 */
export const bundleSchema = bundleManifestSchema.extend({
  /** The node that had all of it when this was written. */
  loadedBy: nodeIdSchema,
  loadedWallMs: z.int().min(0),
});

export type Arch = z.infer<typeof archSchema>;
export type BundleFile = z.infer<typeof bundleFileSchema>;
export type BundleManifest = z.infer<typeof bundleManifestSchema>;
export type Bundle = z.infer<typeof bundleSchema>;

export function bundleKey({ version, arch }: Pick<BundleManifest, 'version' | 'arch'>): string {
  return `${version}/${arch}`;
}

function areDistinct(files: readonly { readonly name: string }[]): boolean {
  return new Set(files.map(({ name }) => name)).size === files.length;
}

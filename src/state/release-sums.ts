import type { Arch, Bundle, BundleFile } from './bundle.ts';
import type { ReleaseProgram } from './release-programs.ts';

interface KnownSums {
  /** By `<version>/<arch>/<program>`. */
  readonly sha256: Readonly<Record<string, string>>;
  readonly bundles: readonly Bundle[];
}

/** A release for one kind of processor. */
export interface ReleaseBuild {
  readonly version: string;
  readonly arch: Arch;
}

/** Where a program stands in `spec.binaries.sha256`. */
export function sumKey({ version, arch }: ReleaseBuild, program: ReleaseProgram): string {
  return `${version}/${arch}/${program}`;
}

/** The SHA-256 that a program must have: by the spec, else by the bundle; undefined: only its mirror knows. */
export function knownSum(
  known: KnownSums,
  build: ReleaseBuild,
  program: ReleaseProgram,
): string | undefined {
  const key = sumKey(build, program);
  const asked = Object.hasOwn(known.sha256, key) ? known.sha256[key] : undefined;
  const ofBundle = (file: BundleFile) => file.type === 'program' && file.name === program;
  return asked ?? filesOfBundle(known.bundles, build).find(ofBundle)?.sha256;
}

/** Empty without a bundle of this release for this processor. */
export function filesOfBundle(
  bundles: readonly Bundle[],
  { version, arch }: ReleaseBuild,
): readonly BundleFile[] {
  return bundles.find((each) => each.version === version && each.arch === arch)?.files ?? [];
}

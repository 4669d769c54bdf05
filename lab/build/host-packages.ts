import { findProgram, host } from '../host.ts';
import { LabError } from '../lab-error.ts';
import { waitingFor } from '../progress.ts';

// A program that the lab calls, and the Debian package it comes in.
const PACKAGES = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  nft: 'nftables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  flock: 'util-linux',
} as const;

/** Installs what this machine lacks, through apt-get. */
export async function installHostPackages(): Promise<void> {
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(PACKAGES)) {
    if ((await findProgram(program)) === undefined) missing.add(name);
  }
  if (missing.size === 0) return;
  const names = [...missing];
  if ((await findProgram('apt-get')) === undefined) {
    throw new LabError(`this machine has no apt-get: install ${names.join(', ')} yourself`);
  }
  await waitingFor(`apt-get to install ${names.join(', ')}`, aptInstall(names));
}

async function aptInstall(names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await host('apt-get', ['update', '-q'], { env });
  await host('apt-get', ['install', '-qy', '--no-install-recommends', ...names], { env });
}

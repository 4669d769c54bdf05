import { readKubeconfig } from './kubeconfig.ts';
import { KUBELET_CERTIFICATE, KUBELET_CONF, PKI } from './paths.ts';
import { expiryOf } from './pki.ts';
import { readFile } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';
import type { WorldState } from './world-state.ts';

/** Those of kubeadm's certificates that must be valid; asked for at each change of the world. */
const PATHS = {
  apiserver: `${PKI}/apiserver.crt`,
  'apiserver-etcd-client': `${PKI}/apiserver-etcd-client.crt`,
  'etcd/peer': `${PKI}/etcd/peer.crt`,
  'etcd/server': `${PKI}/etcd/server.crt`,
} as const;

export function isExpired(world: WorldState, certificate: string | undefined): boolean {
  const expiresWallMs = expiryOf(certificate);
  return expiresWallMs !== undefined && expiresWallMs <= world.clock.wallMs();
}

/** Whether a certificate on this host has expired; one that is not there has not. */
export function hasExpired(
  world: WorldState,
  { disk }: SimulatedHost,
  name: keyof typeof PATHS,
): boolean {
  return isExpired(world, readFile(disk, PATHS[name]));
}

/** What the kubelet shows the API: its own rotated certificate, or the one in kubelet.conf. */
export function kubeletCertificate({ disk }: SimulatedHost): string | undefined {
  const inFile = readKubeconfig(readFile(disk, KUBELET_CONF))?.certificate;
  return inFile ?? readFile(disk, KUBELET_CERTIFICATE);
}

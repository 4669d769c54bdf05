import { readKubeconfig } from './kubeconfig.ts';
import { KUBELET_CERTIFICATE, KUBELET_CONF, PKI } from './paths.ts';
import { validityOf } from './pki.ts';
import { readFile } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { wallOf } from './wall-of.ts';
import type { WorldState } from './world-state.ts';

/** Those of kubeadm's certificates that must be valid; asked for at each change of the world. */
const PATHS = {
  apiserver: `${PKI}/apiserver.crt`,
  'apiserver-etcd-client': `${PKI}/apiserver-etcd-client.crt`,
  'etcd/peer': `${PKI}/etcd/peer.crt`,
  'etcd/server': `${PKI}/etcd/server.crt`,
} as const;

/** Whether a certificate has expired, or is not valid yet, by the clock of the host that looks at it. */
export function isOutOfDate(
  world: WorldState,
  certificate: string | undefined,
  judge: SimulatedHost,
): boolean {
  const valid = certificate === undefined ? undefined : validityOf(certificate);
  if (!valid) return false;
  const wallMs = wallOf(world, judge);
  return valid.untilWallMs <= wallMs || wallMs < valid.fromWallMs;
}

/** The same of a certificate that stands on a host; one that is not there is not out of date. */
export function holdsOutOfDate(
  world: WorldState,
  holder: SimulatedHost,
  name: keyof typeof PATHS,
  judge = holder,
): boolean {
  return isOutOfDate(world, readFile(holder.disk, PATHS[name]), judge);
}

/** What the kubelet shows the API: its own rotated certificate, or the one in kubelet.conf. */
export function kubeletCertificate({ disk }: SimulatedHost): string | undefined {
  const inFile = readKubeconfig(readFile(disk, KUBELET_CONF))?.certificate;
  return inFile ?? readFile(disk, KUBELET_CERTIFICATE);
}

import { CA_CERTIFICATE, PKI } from '../paths.ts';
import { simulatedCertificate, simulatedPrivateKey, simulatedPublicKey } from '../pki.ts';
import { randomHex } from '../seeded-random.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, leave, say } from './run.ts';

const AUTHORITIES = ['ca', 'front-proxy-ca', 'etcd/ca'] as const;

const LEAVES = [
  'apiserver',
  'apiserver-kubelet-client',
  'front-proxy-client',
  'etcd/server',
  'etcd/peer',
  'etcd/healthcheck-client',
  'apiserver-etcd-client',
] as const;

/** Names that the error texts have for what control planes share. */
const SHARED = [
  { file: 'ca.crt', what: 'CA', part: 'certificate' },
  { file: 'ca.key', what: 'CA', part: 'private key' },
  { file: 'sa.key', what: 'service account', part: 'private key' },
  { file: 'front-proxy-ca.crt', what: 'front-proxy CA', part: 'certificate' },
  { file: 'front-proxy-ca.key', what: 'front-proxy CA', part: 'private key' },
  { file: 'etcd/ca.crt', what: 'etcd CA', part: 'certificate' },
  { file: 'etcd/ca.key', what: 'etcd CA', part: 'private key' },
] as const;

/** `init phase certs`: makes what is missing; authorities that are there already are used. */
export function makeAllCertificates(run: KubeadmRun): void {
  say(run, `[certs] Using certificateDir folder "${PKI}"`);
  const generation = randomHex(run.world.random, 12);
  for (const name of AUTHORITIES) {
    leaveOnce(run, `${PKI}/${name}.crt`, simulatedCertificate(`${name} ${generation}`));
    leaveOnce(run, `${PKI}/${name}.key`, simulatedPrivateKey(`${name} ${generation}`));
  }
  leaveOnce(run, `${PKI}/sa.key`, simulatedPrivateKey(`service account ${generation}`));
  leaveOnce(run, `${PKI}/sa.pub`, simulatedPublicKey(`service account ${generation}`));
  makeLeafCertificates(run);
}

/** `join phase control-plane-prepare certs`: leaves of this host, from authorities handed over. */
export function makeLeafCertificates(run: KubeadmRun): void {
  for (const name of LEAVES) {
    leaveOnce(run, `${PKI}/${name}.crt`, simulatedCertificate(`${name} on ${run.nodeName}`));
    leaveOnce(run, `${PKI}/${name}.key`, simulatedPrivateKey(`${name} on ${run.nodeName}`));
  }
  say(run, `[certs] Valid certificates and keys now exist in "${PKI}"`);
}

/** Throws unless all that control planes share is on this host. */
export function refuseWithoutSharedCertificates({ host }: KubeadmRun): void {
  const missing = SHARED.filter(({ file }) => !host.disk.files.has(`${PKI}/${file}`));
  if (missing.length === 0) return;
  const errors = missing.map(({ file, what, part }) => {
    const path = `${PKI}/${file}`;
    const verb = part === 'certificate' ? 'certificate' : 'key';
    return `failure loading ${verb} for ${what}: couldn't load the ${part} file ${path}: open ${path}: no such file or directory`;
  });
  throw new KubeadmFailure(
    `\nOne or more conditions for hosting a new control plane instance is not satisfied.\n\n[${errors.join(', ')}]\n\nPlease ensure that:\n* The cluster has a stable controlPlaneEndpoint address.\n* The certificates that must be shared among control plane instances are provided.\n`,
  );
}

/** The authority that this host's certificates come from. */
export function authorityOf(host: PoweredHost): string {
  return readFile(host.disk, CA_CERTIFICATE) ?? '';
}

function leaveOnce(run: KubeadmRun, path: string, content: string): void {
  if (run.host.disk.files.has(path)) return;
  leave(run, path, content, path.endsWith('.key') ? 0o600 : 0o644);
}

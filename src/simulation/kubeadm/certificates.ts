import { ADDRESSED_LEAVES } from '../../state/leaf-files.ts';
import { CA_CERTIFICATE, PKI } from '../paths.ts';
import { simulatedCertificate, simulatedPrivateKey, simulatedPublicKey } from '../pki.ts';
import { randomHex } from '../seeded-random.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, leave, say } from './run.ts';

const AUTHORITY_YEARS = 10;

/** The authorities, by the names of their files, with what comes from each. */
const LEAVES = {
  ca: ['apiserver', 'apiserver-kubelet-client'],
  'front-proxy-ca': ['front-proxy-client'],
  'etcd/ca': ['etcd/server', 'etcd/peer', 'etcd/healthcheck-client', 'apiserver-etcd-client'],
} as const;

type Authority = keyof typeof LEAVES;

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

/**
 * `init phase certs` and `join phase control-plane-prepare certs`: makes what is missing. An authority
 * that was not handed over is made anew without a word, which is why join looks for it in preflight.
 */
export function makeCertificates(run: KubeadmRun): void {
  say(run, `[certs] Using certificateDir folder "${PKI}"`);
  for (const authority of Object.keys(LEAVES) as Authority[]) {
    makeAuthority(run, authority);
    for (const name of LEAVES[authority]) {
      const subject = subjectFor(name, run);
      leaveOnce(run, `${PKI}/${name}.crt`, () => simulatedCertificate(run.world, subject));
      leaveOnce(run, `${PKI}/${name}.key`, () => simulatedPrivateKey(subject));
    }
  }
  say(run, `[certs] Valid certificates and keys now exist in "${PKI}"`);
  if (run.host.disk.files.has(`${PKI}/sa.key`)) return;
  const account = `service account ${randomHex(run.world.random, 12)}`;
  leaveOnce(run, `${PKI}/sa.key`, () => simulatedPrivateKey(account));
  leaveOnce(run, `${PKI}/sa.pub`, () => simulatedPublicKey(account));
}

function subjectFor(name: string, { nodeName, advertiseAddress }: KubeadmRun): string {
  const isAddressed = ADDRESSED_LEAVES.some(({ path }) => path === `${PKI}/${name}.crt`);
  return `${name} on ${nodeName}${isAddressed ? ` at ${advertiseAddress}` : ''}`;
}

/** Without its key an authority is somebody else's: then all that comes from it must be there. */
function makeAuthority(run: KubeadmRun, authority: Authority): void {
  const { files } = run.host.disk;
  const path = `${PKI}/${authority}`;
  if (files.has(`${path}.key`)) return;
  if (!files.has(`${path}.crt`)) {
    const subject = `${authority} ${randomHex(run.world.random, 12)}`;
    const certificate = simulatedCertificate(run.world, subject, AUTHORITY_YEARS);
    leaveOnce(run, `${path}.crt`, () => certificate);
    leaveOnce(run, `${path}.key`, () => simulatedPrivateKey(subject));
    return;
  }
  const missing = LEAVES[authority].find((name) => !files.has(`${PKI}/${name}.key`));
  if (missing === undefined) return;
  const key = `${PKI}/${missing}.key`;
  const [leaf, ca] = [missing, authority].map((name) => name.replace('/', '-'));
  throw new KubeadmFailure(
    `error creating PKI assets: could not load expected certificate "${leaf}" or validate the existence of key "${ca}" for it: failure loading key for ${missing}: couldn't load the private key file ${key}: open ${key}: no such file or directory`,
  );
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

function leaveOnce(run: KubeadmRun, path: string, make: () => string): void {
  if (run.host.disk.files.has(path)) return;
  leave(run, path, make(), path.endsWith('.key') ? 0o600 : 0o644);
}

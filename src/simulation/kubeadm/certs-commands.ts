import { askApi } from '../api-access.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { ADMIN_CONF } from '../paths.ts';
import { expiryOf } from '../pki.ts';
import { readFile } from '../simulated-disk.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { record } from '../world-state.ts';
import {
  type Authority,
  authorityPath,
  baseName,
  isExternal,
  RENEWABLE,
  type RenewableName,
  renewableCertificate,
  renewCertificate,
} from './certificate-renewal.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, say, work } from './run.ts';

const AUTHORITIES = ['ca', 'etcd-ca', 'front-proxy-ca'] as const;
const DONE =
  '\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.';

/** `kubeadm certs renew all|NAME`: needs no cluster, only the authorities' keys on this host. */
export async function renewCertificates(run: KubeadmRun): Promise<void> {
  const wanted = run.arguments.words[2];
  const names = (Object.keys(RENEWABLE) as RenewableName[]).filter(
    (name) => wanted === 'all' || wanted === name,
  );
  if (names.length === 0)
    throw new KubeadmFailure(`unknown command "${wanted}" for "kubeadm certs renew"`);
  tellSource(run, 'renew');
  await work(run, PHASE_TIMINGS.certsMs);
  for (const name of names) {
    const { longName, authority } = RENEWABLE[name];
    const outcome = renewCertificate(run, name);
    if (outcome === 'renewed') say(run, `${longName} renewed`);
    else if (outcome === 'missing') say(run, `MISSING! ${longName}`);
    else say(run, `Detected external ${baseName(authority)}, ${longName} can't be renewed`);
    record(run.world, run.host.name, 'certificate.renewed', `${name} ${outcome}`);
    await work(run, 0);
  }
  if (wanted === 'all') say(run, DONE);
}

/** `kubeadm certs check-expiration -o json`; any other form of output is not simulated. */
export async function checkExpiration(run: KubeadmRun): Promise<void> {
  const { flags } = run.arguments;
  if ((flags.get('-o') ?? flags.get('--output')) !== 'json') {
    throw new KubeadmFailure('the simulated kubeadm prints expirations only with `-o json`');
  }
  await work(run, PHASE_TIMINGS.apiCallMs);
  const names = Object.keys(RENEWABLE) as RenewableName[];
  const info = {
    kind: 'CertificateExpirationInfo',
    apiVersion: 'output.kubeadm.k8s.io/v1alpha3',
    certificates: names.map((name) =>
      expiration(run, name, renewableCertificate(run.host, name), RENEWABLE[name].authority),
    ),
    certificateAuthorities: AUTHORITIES.map((name) =>
      expiration(run, name, readFile(run.host.disk, authorityPath(name))),
    ),
  };
  say(run, JSON.stringify(info, null, 4));
}

/** `caName` stands only with what comes from an authority, and is there. */
function expiration(
  { world, host }: KubeadmRun,
  name: string,
  certificate: string | undefined,
  caName?: Authority,
) {
  const expiresWallMs = expiryOf(certificate);
  if (expiresWallMs === undefined) {
    return { name, expirationDate: null, residualTime: 0, externallyManaged: false, missing: true };
  }
  return {
    name,
    expirationDate: new Date(expiresWallMs).toISOString().replace('.000', ''),
    residualTime: Math.floor((expiresWallMs - world.clock.wallMs()) / 1_000),
    externallyManaged: caName !== undefined && isExternal(host, caName),
    ...(caName && { caName }),
    missing: false,
  };
}

/** It prefers the cluster's configuration, and goes on without. */
function tellSource(run: KubeadmRun, prefix: string): void {
  const kubeconfig = readKubeconfig(readFile(run.host.disk, ADMIN_CONF));
  const answer = kubeconfig && askApi(run.world, run.host, kubeconfig);
  say(
    run,
    answer?.outcome === 'answered'
      ? `[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...`
      : `[${prefix}] Error reading configuration from the Cluster. Falling back to default configuration`,
  );
}

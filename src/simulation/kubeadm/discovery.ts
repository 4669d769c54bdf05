import { askApi, connect } from '../api-access.ts';
import { goDuration } from '../go-duration.ts';
import { type Kubeconfig, readKubeconfig } from '../kubeconfig.ts';
import { readFile } from '../simulated-disk.ts';
import { POLL } from '../timings.ts';
import { findToken, splitToken } from '../tokens.ts';
import { wallOf } from '../wall-of.ts';
import { timeoutsOf } from './api-calls.ts';
import { authorityOf } from './certificates.ts';
import { timeoutMs } from './configuration.ts';
import type { JoinConfiguration } from './configuration-schema.ts';
import { KubeadmFailure } from './failure.ts';
import { type Discovery, type KubeadmRun, poll } from './run.ts';
import { refuseUnknownGates } from './upgrade/feature-gates.ts';
import { refuseTooOldCluster } from './upgrade/prepare.ts';

const TLS_BOOTSTRAP_USER = 'tls-bootstrap-token-user';

/** Finds the cluster as the JoinConfiguration says and reads its configuration, once for each process. */
export async function discover(run: KubeadmRun): Promise<Discovery> {
  run.discovery ??= await discoverOnce(run);
  return run.discovery;
}

async function discoverOnce(run: KubeadmRun): Promise<Discovery> {
  const { join } = run.configuration;
  if (!join) throw new KubeadmFailure('no JoinConfiguration in the configuration file');
  const kubeconfig = await validated(run, join);
  const answer = askApi(run.world, run.host, kubeconfig);
  const failure = 'unable to fetch the kubeadm-config ConfigMap: failed to get config map';
  if (answer.outcome === 'failed')
    throw new KubeadmFailure(`${failure}: ${get(kubeconfig, answer.text)}`);
  if (!findToken(answer.cluster, kubeconfig.token, wallOf(run.world, answer.server))) {
    throw new KubeadmFailure(`${failure}: Unauthorized`);
  }
  const cluster = answer.cluster.configuration;
  if (!cluster) throw new KubeadmFailure(`${failure}: configmaps "kubeadm-config" not found`);
  refuseTooOldCluster(run, cluster);
  refuseUnknownGates(run, cluster, 'unable to fetch the kubeadm-config ConfigMap');
  return { cluster, kubeconfig };
}

function validated(run: KubeadmRun, join: JoinConfiguration): Promise<Kubeconfig> {
  const { file, bootstrapToken, tlsBootstrapToken, timeout } = join.discovery;
  const limitMs = timeoutMs(timeout ?? timeoutsOf(run).discovery);
  if (file) return validateFile(run, { path: file.kubeConfigPath, tlsBootstrapToken, limitMs });
  if (!bootstrapToken) throw distrust("couldn't find a valid discovery configuration");
  const server = `https://${bootstrapToken.apiServerEndpoint}`;
  return validateToken(run, { server, signer: bootstrapToken.token, tlsBootstrapToken, limitMs });
}

interface FileDiscovery {
  readonly path: string;
  readonly tlsBootstrapToken: string | undefined;
  readonly limitMs: number;
}

async function validateFile(run: KubeadmRun, discovery: FileDiscovery): Promise<Kubeconfig> {
  const { path, tlsBootstrapToken, limitMs } = discovery;
  const text = readFile(run.host.disk, path);
  if (text === undefined) throw distrust(`open ${path}: no such file or directory`);
  const given = readKubeconfig(text);
  if (!given) throw distrust('the provided kubeconfig file must have at least one Cluster defined');

  const ask = () => askApi(run.world, run.host, given);
  const limits = { everyMs: POLL.discoveryMs, timeoutMs: limitMs };
  await poll(run, limits, () => ask().outcome === 'answered');
  const answer = ask();
  if (answer.outcome === 'failed') {
    throw distrust(
      `Abort reading the cluster-info ConfigMap after timeout of ${goDuration(limitMs)}: ${get(given, answer.text)}`,
    );
  }
  const token = tlsBootstrapToken ?? given.token;
  if (token) return { ...given, user: TLS_BOOTSTRAP_USER, token };
  throw new KubeadmFailure(
    "couldn't find authentication credentials for the TLS bootstrap process. Please use Token discovery, a discovery file with embedded authentication credentials or a discovery file without authentication credentials but with the TLSBootstrapToken flag",
  );
}

interface TokenDiscovery {
  readonly server: string;
  /** The token that cluster-info is signed with. */
  readonly signer: string;
  readonly tlsBootstrapToken: string | undefined;
  readonly limitMs: number;
}

/** Pinned CA hashes are taken as right: simulated certificates have no key to hash. */
async function validateToken(run: KubeadmRun, discovery: TokenDiscovery): Promise<Kubeconfig> {
  const { server, signer, tlsBootstrapToken, limitMs } = discovery;
  const limits = { everyMs: POLL.discoveryMs, timeoutMs: limitMs };
  await poll(run, limits, () => clusterInfo(run, server, signer).outcome === 'signed');
  const info = clusterInfo(run, server, signer);
  if (info.outcome === 'unusable') throw distrust(info.text);
  const { certificateAuthority } = info;
  const token = tlsBootstrapToken ?? signer;
  return { server, certificateAuthority, user: TLS_BOOTSTRAP_USER, token };
}

type ClusterInfo =
  | { readonly outcome: 'signed'; readonly certificateAuthority: string }
  | { readonly outcome: 'unusable'; readonly text: string };

function clusterInfo({ world, host }: KubeadmRun, server: string, signer: string): ClusterInfo {
  const answer = connect(world, host, server);
  if (answer.outcome === 'failed') {
    const text = `failed to request the cluster-info ConfigMap: ${answer.text}`;
    return { outcome: 'unusable', text };
  }
  if (findToken(answer.cluster, signer, wallOf(world, answer.server))) {
    return { outcome: 'signed', certificateAuthority: authorityOf(answer.server) };
  }
  const id = splitToken(signer)?.id;
  const text = `could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`;
  return { outcome: 'unusable', text };
}

function get({ server }: Kubeconfig, text: string): string {
  return `Get "${server}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": ${text}`;
}

function distrust(cause: string): KubeadmFailure {
  return new KubeadmFailure(`couldn't validate the identity of the API Server: ${cause}`);
}

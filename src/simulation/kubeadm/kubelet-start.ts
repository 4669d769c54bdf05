import { askApi } from '../api-access.ts';
import { readKubeconfig, writeKubeconfig } from '../kubeconfig.ts';
import {
  BOOTSTRAP_KUBELET_CONF,
  CA_CERTIFICATE,
  KUBELET_CERTIFICATE,
  KUBELET_CONF,
  KUBELET_CONFIG,
  KUBELET_FLAGS,
  KUBELET_FOLDER,
} from '../paths.ts';
import { writeKubeletCertificate } from '../rules/kubelet-certificates.ts';
import { dropFile, readFile } from '../simulated-disk.ts';
import { POLL } from '../timings.ts';
import { timeoutsOf } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { discover } from './discovery.ts';
import { KubeadmFailure } from './failure.ts';
import { localUrl } from './kubeconfig-files.ts';
import { kubeletConfigurationText } from './kubelet-configuration.ts';
import { type KubeadmRun, kubeletUsesLocalApi, leave, poll, say } from './run.ts';

/** `init phase kubelet-start`: configures the kubelet and restarts it. */
export function startKubeletForInit(run: KubeadmRun): void {
  stopKubelet(run);
  configureKubelet(run, kubeletConfigurationText(run.configuration.documents));
  startKubelet(run, true);
}

/** `init phase kubelet-finalize`: from here on the kubelet uses the certificate that it rotates itself. */
export function finalizeKubelet(run: KubeadmRun): void {
  const { host, world } = run;
  const { certificate: _, ...kubeconfig } = readKubeconfig(readFile(host.disk, KUBELET_CONF)) ?? {};
  if (!('server' in kubeconfig)) return;
  writeKubeletCertificate(world, host);
  const content = writeKubeconfig({ ...kubeconfig, certificateFile: KUBELET_CERTIFICATE });
  leave(run, KUBELET_CONF, content, 0o600);
  // It rotates what it started with, so it needs no restart to go on.
  host.runtime.kubelet.kubeconfig = content;
}

/** `join phase kubelet-start`: the same with a bootstrap token, unless a Ready node has this name. */
export async function startKubeletForJoin(run: KubeadmRun): Promise<void> {
  const { kubeconfig, cluster } = await discover(run);
  const local = run.configuration.join?.controlPlane && kubeletUsesLocalApi(run);
  const server = local ? localUrl(run) : kubeconfig.server;
  leave(run, BOOTSTRAP_KUBELET_CONF, writeKubeconfig({ ...kubeconfig, server }), 0o600);
  if (!run.host.disk.files.has(CA_CERTIFICATE)) {
    leave(run, CA_CERTIFICATE, kubeconfig.certificateAuthority, 0o644);
  }
  refuseTakenName(run);
  stopKubelet(run);
  configureKubelet(run, cluster.kubeletConfiguration);
  startKubelet(run, run.foundManifestsFolder);
  if (!kubeletUsesLocalApi(run)) await waitForBootstrap(run);
}

/** `join phase kubelet-wait-bootstrap`, and the end of kubelet-start where that phase does not exist. */
export async function waitForBootstrap(run: KubeadmRun): Promise<void> {
  await waitForKubelet(run);
  say(run, '[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap');
  const limits = {
    everyMs: POLL.tlsBootstrapMs,
    timeoutMs: timeoutMs(timeoutsOf(run).tlsBootstrap),
  };
  const { disk } = run.host;
  const done = await poll(run, limits, () => disk.files.has(KUBELET_CONF));
  dropFile(disk, BOOTSTRAP_KUBELET_CONF);
  if (!done)
    throw new KubeadmFailure('failed while waiting for TLS bootstrap: context deadline exceeded');
}

/** Polls the kubelet's healthz. */
export async function waitForKubelet(run: KubeadmRun): Promise<void> {
  const limitMs = timeoutMs(timeoutsOf(run).kubeletHealthCheck);
  const limits = { everyMs: POLL.apiCallMs, timeoutMs: limitMs };
  const { kubelet } = run.host.runtime;
  if (await poll(run, limits, () => kubelet.running)) return;
  const url = 'http://127.0.0.1:10248/healthz';
  say(run, `[kubelet-check] The kubelet is not healthy after ${limitMs / 1_000}s`);
  throw new KubeadmFailure(
    `failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL ${url}' returned error: Get "${url}": dial tcp 127.0.0.1:10248: connect: connection refused`,
  );
}

function refuseTakenName(run: KubeadmRun): void {
  const { kubeconfig } = run.discovery ?? {};
  const answer = kubeconfig && askApi(run.world, run.host, kubeconfig);
  if (answer?.outcome === 'failed') {
    throw new KubeadmFailure(`cannot get Node "${run.nodeName}": ${answer.text}`);
  }
  if (!answer?.cluster.nodes.get(run.nodeName)?.ready) return;
  throw new KubeadmFailure(
    `a Node with name "${run.nodeName}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
  );
}

function configureKubelet(run: KubeadmRun, configuration: string): void {
  const { join, init } = run.configuration;
  const extra = (join ?? init).nodeRegistration.kubeletExtraArgs;
  const flags = Object.entries({
    ...(run.nodeName === run.host.name ? {} : { 'hostname-override': run.nodeName }),
    ...extra,
  }).map(([name, value]) => `--${name}=${value}`);
  say(run, `[kubelet-start] Writing kubelet configuration to file "${KUBELET_CONFIG}"`);
  leave(run, KUBELET_FLAGS, `KUBELET_KUBEADM_ARGS="${flags.join(' ')}"\n`, 0o644);
  leave(run, `${KUBELET_FOLDER}/instance-config.yaml`, 'kind: KubeletConfiguration\n', 0o644);
  leave(run, KUBELET_CONFIG, configuration, 0o644);
}

/** A kubelet that runs is stopped and started: it reads its files anew. */
export function restartKubelet(run: KubeadmRun): void {
  stopKubelet(run);
  run.host.runtime.kubelet.wanted = true;
}

function stopKubelet({ host }: KubeadmRun): void {
  Object.assign(host.runtime.kubelet, { wanted: false, running: false });
}

function startKubelet(run: KubeadmRun, watchesManifests: boolean): void {
  say(run, '[kubelet-start] Starting the kubelet');
  const { kubelet } = run.host.runtime;
  kubelet.wanted = true;
  kubelet.watchesManifests = watchesManifests;
}

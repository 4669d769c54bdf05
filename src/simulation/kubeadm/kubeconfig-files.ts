import {
  ADMIN_USER,
  type Kubeconfig,
  NODE_USER_PREFIX,
  readKubeconfig,
  writeKubeconfig,
} from '../kubeconfig.ts';
import {
  ADMIN_CONF,
  CONTROLLER_MANAGER_CONF,
  KUBELET_CONF,
  SCHEDULER_CONF,
  SUPER_ADMIN_CONF,
} from '../paths.ts';
import { simulatedCertificate } from '../pki.ts';
import { readFile } from '../simulated-disk.ts';
import { authorityOf } from './certificates.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, kubeletUsesLocalApi, leave, say } from './run.ts';

/** `init phase kubeconfig`. */
export function writeInitKubeconfigs(run: KubeadmRun): void {
  writeControlPlaneKubeconfigs(run);
  const endpoint = controlPlaneUrl(run);
  write(run, SUPER_ADMIN_CONF, endpoint, 'kubernetes-super-admin');
  writeKubeletKubeconfig(run);
}

/** `init phase kubeconfig kubelet`: gives a kubelet credentials again, with the authority's key. */
export function writeKubeletKubeconfig(run: KubeadmRun): void {
  const server = kubeletUsesLocalApi(run) ? localUrl(run) : controlPlaneUrl(run);
  write(run, KUBELET_CONF, server, `${NODE_USER_PREFIX}${run.nodeName}`);
}

/** `join phase control-plane-prepare kubeconfig`, and the part of it that init shares. */
export function writeControlPlaneKubeconfigs(run: KubeadmRun): void {
  write(run, ADMIN_CONF, controlPlaneUrl(run), ADMIN_USER);
  write(run, CONTROLLER_MANAGER_CONF, localUrl(run), 'system:kube-controller-manager');
  write(run, SCHEDULER_CONF, localUrl(run), 'system:kube-scheduler');
}

/** What kubeadm itself talks to the cluster with once it is a control plane. */
export function adminKubeconfig(run: KubeadmRun): Kubeconfig {
  const kubeconfig = readKubeconfig(readFile(run.host.disk, ADMIN_CONF));
  if (kubeconfig) return kubeconfig;
  throw new KubeadmFailure(
    `couldn't create Kubernetes client: failed to load admin kubeconfig: open ${ADMIN_CONF}: no such file or directory`,
  );
}

/** The endpoint shared by all control planes; without one, this host's own API server. */
function controlPlaneUrl(run: KubeadmRun): string {
  const { controlPlaneEndpoint } = run.discovery?.cluster ?? run.configuration.cluster;
  return controlPlaneEndpoint ? `https://${controlPlaneEndpoint}` : localUrl(run);
}

export function localUrl(run: KubeadmRun): string {
  return `https://${run.advertiseAddress}:6443`;
}

function write(run: KubeadmRun, path: string, server: string, user: string): void {
  const certificateAuthority = authorityOf(run.host);
  const present = readKubeconfig(readFile(run.host.disk, path));
  if (present && present.certificateAuthority.trim() !== certificateAuthority.trim()) {
    throw new KubeadmFailure(
      `a kubeconfig file "${path}" exists but does not contain a trusted CA in its current context's cluster. Total CA certificates found: 1`,
    );
  }
  if (present) return;
  say(run, `[kubeconfig] Writing "${path.slice(path.lastIndexOf('/') + 1)}" kubeconfig file`);
  const certificate = simulatedCertificate(run.world, user);
  const content = writeKubeconfig({ server, certificateAuthority, user, certificate });
  leave(run, path, content, 0o600);
}

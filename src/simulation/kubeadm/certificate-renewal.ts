import { readKubeconfig, writeKubeconfig } from '../kubeconfig.ts';
import {
  ADMIN_CONF,
  CONTROLLER_MANAGER_CONF,
  type Component,
  PKI,
  SCHEDULER_CONF,
  SUPER_ADMIN_CONF,
} from '../paths.ts';
import { simulatedCertificate, simulatedPrivateKey, subjectOf } from '../pki.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { type KubeadmRun, leave } from './run.ts';

/** One certificate that kubeadm renews; `authority` is the one it comes from. */
interface Renewable {
  readonly path: string;
  readonly longName: string;
  readonly authority: Authority;
}

/** By the names that kubeadm has for them. */
export type Authority = 'ca' | 'etcd-ca' | 'front-proxy-ca';

const EMBEDDED = 'certificate embedded in the kubeconfig file for the';

/** By kubeadm's names, in its order. */
export const RENEWABLE = {
  'admin.conf': of(ADMIN_CONF, `${EMBEDDED} admin to use and for kubeadm itself`),
  apiserver: inPki('apiserver', 'certificate for serving the Kubernetes API'),
  'apiserver-etcd-client': inPki(
    'apiserver-etcd-client',
    'certificate the apiserver uses to access etcd',
    'etcd-ca',
  ),
  'apiserver-kubelet-client': inPki(
    'apiserver-kubelet-client',
    'certificate for the API server to connect to kubelet',
  ),
  'controller-manager.conf': of(CONTROLLER_MANAGER_CONF, `${EMBEDDED} controller manager to use`),
  'etcd-healthcheck-client': inPki(
    'etcd/healthcheck-client',
    'certificate for liveness probes to healthcheck etcd',
    'etcd-ca',
  ),
  'etcd-peer': inPki(
    'etcd/peer',
    'certificate for etcd nodes to communicate with each other',
    'etcd-ca',
  ),
  'etcd-server': inPki('etcd/server', 'certificate for serving etcd', 'etcd-ca'),
  'front-proxy-client': inPki(
    'front-proxy-client',
    'certificate for the front proxy client',
    'front-proxy-ca',
  ),
  'scheduler.conf': of(SCHEDULER_CONF, `${EMBEDDED} scheduler manager to use`),
  'super-admin.conf': of(SUPER_ADMIN_CONF, `${EMBEDDED} super-admin`),
} as const satisfies Record<string, Renewable>;

export type RenewableName = keyof typeof RENEWABLE;

/** What an upgrade renews with each component, and at its end. */
export const COMPONENT_CERTIFICATES: Readonly<Record<Component, readonly RenewableName[]>> = {
  etcd: ['etcd-server', 'etcd-peer', 'etcd-healthcheck-client'],
  'kube-apiserver': [
    'apiserver',
    'apiserver-kubelet-client',
    'front-proxy-client',
    'apiserver-etcd-client',
  ],
  'kube-controller-manager': ['controller-manager.conf'],
  'kube-scheduler': ['scheduler.conf'],
};

export const ADMIN_CERTIFICATES: readonly RenewableName[] = ['admin.conf', 'super-admin.conf'];

/** The certificate as it is on the host; undefined when it is not there. */
export function renewableCertificate(host: PoweredHost, name: RenewableName): string | undefined {
  const { path } = RENEWABLE[name];
  const text = readFile(host.disk, path);
  return path.endsWith('.conf') ? readKubeconfig(text)?.certificate : text;
}

/** Makes it anew for a year; `missing` where there is none, `external` without the authority's key. */
export function renewCertificate(
  run: KubeadmRun,
  name: RenewableName,
): 'renewed' | 'missing' | 'external' {
  const { host, world } = run;
  const { path, authority } = RENEWABLE[name];
  const present = renewableCertificate(host, name);
  if (present === undefined) return 'missing';
  if (isExternal(host, authority)) return 'external';
  const certificate = simulatedCertificate(world, subjectOf(present));
  const kubeconfig = path.endsWith('.conf') ? readKubeconfig(readFile(host.disk, path)) : undefined;
  if (kubeconfig) {
    leave(run, path, writeKubeconfig({ ...kubeconfig, certificate }), 0o600);
    return 'renewed';
  }
  const key = path.replace('.crt', '.key');
  leave(run, key, simulatedPrivateKey(`${subjectOf(present)} of ${world.clock.wallMs()}`), 0o600);
  leave(run, path, certificate, 0o644);
  return 'renewed';
}

export function authorityPath(authority: Authority): string {
  return `${PKI}/${baseName(authority)}.crt`;
}

/** Without its key here, an authority is somebody else's. */
export function isExternal({ disk }: PoweredHost, authority: Authority): boolean {
  return !disk.files.has(`${PKI}/${baseName(authority)}.key`);
}

/** The name of its files. */
export function baseName(authority: Authority): string {
  return authority === 'etcd-ca' ? 'etcd/ca' : authority;
}

function of(path: string, longName: string): Renewable {
  return { path, longName, authority: 'ca' };
}

function inPki(name: string, longName: string, authority: Authority = 'ca'): Renewable {
  return { path: `${PKI}/${name}.crt`, longName, authority };
}

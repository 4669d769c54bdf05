import { linkedVersion } from '../kubernetes-binaries.ts';
import { minorOf } from '../kubernetes-releases.ts';
import {
  BOOTSTRAP_KUBELET_CONF,
  CA_CERTIFICATE,
  type Component,
  ETCD_FOLDER,
  KUBELET_CONF,
  manifestPath,
} from '../paths.ts';
import { listFolder } from '../simulated-disk.ts';
import { lacks, type PoweredHost, swapIsOn } from '../simulated-host.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, say } from './run.ts';

export interface Finding {
  readonly check: string;
  readonly text: string;
}

const OLDEST_KUBELET = 3;
const CRI_SOCKET = 'unix:///run/containerd/containerd.sock';

/** In the order in which kubeadm asks. */
const API_COMPONENTS = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager'] as const;
const MANIFEST_ORDER = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
] as const;

const PORTS: Readonly<Record<Component, readonly number[]>> = {
  'kube-apiserver': [6443],
  'kube-scheduler': [10259],
  'kube-controller-manager': [10257],
  etcd: [2379, 2380],
};

/** Checks of every host (kubeadm's preflight/checks.go). */
export function commonFindings({ host, kubeadmVersion }: KubeadmRun): readonly Finding[] {
  return [
    ...when(lacks(host, 'containerd') && minorOf(kubeadmVersion) < 31, 'CRI', [
      `container runtime is not running: ${criError()}`,
    ]),
    ...when(host.runtime.kubelet.running, 'Port-10250', ['Port 10250 is in use']),
    ...kubeletFindings(host, kubeadmVersion),
  ];
}

/** Of both skews the one that needs no cluster: a kubelet three minors behind kubeadm is too old. */
function kubeletFindings(host: PoweredHost, kubeadmVersion: string): readonly Finding[] {
  const version = linkedVersion(host);
  const tooOld = minorOf(version) < minorOf(kubeadmVersion) - OLDEST_KUBELET;
  return when(tooOld, 'KubeletVersion', [
    `Kubelet version "${version.slice(1)}" is lower than kubeadm can support. Please upgrade kubelet`,
  ]);
}

/** At init: a kubelet may not be newer than the control plane that is about to come. */
export function newerKubeletFindings({ host, configuration }: KubeadmRun): readonly Finding[] {
  const kubelet = linkedVersion(host);
  const wanted = configuration.cluster.kubernetesVersion ?? kubelet;
  return when(minorOf(kubelet) > minorOf(wanted), 'KubeletVersion', [
    `the kubelet version is higher than the control plane version. This is not a supported version skew and may lead to a malfunctional cluster. Kubelet version: "${kubelet.slice(1)}" Control plane version: "${wanted.slice(1)}"`,
  ]);
}

/** Checks of a host that is to hold a control plane. */
export function controlPlaneFindings({ host }: KubeadmRun): readonly Finding[] {
  return [
    ...API_COMPONENTS.flatMap((component) => openPorts(host, component)),
    ...MANIFEST_ORDER.flatMap((component) => fileFindings(host, manifestPath(component))),
  ];
}

/** Checks of a host that is to hold an etcd member. */
export function etcdFindings({ host }: KubeadmRun): readonly Finding[] {
  const filled = listFolder(host.disk, ETCD_FOLDER).length > 0;
  return [
    ...openPorts(host, 'etcd'),
    ...when(filled, 'DirAvailable--var-lib-etcd', [`${ETCD_FOLDER} is not empty`]),
  ];
}

/** Checks of any host that is to join. */
export function joinFindings(run: KubeadmRun): readonly Finding[] {
  const files = [KUBELET_CONF, BOOTSTRAP_KUBELET_CONF];
  if (!run.configuration.join?.controlPlane) files.push(CA_CERTIFICATE);
  return files.flatMap((path) => fileFindings(run.host, path));
}

/** Only asked where kubeadm knows that it will speak IPv4: at init. */
export function forwardingFindings({ host }: KubeadmRun): readonly Finding[] {
  const path = '/proc/sys/net/ipv4/ip_forward';
  return when(!host.disk.prepared.has('sysctl'), `FileContent--proc-sys-net-ipv4-ip_forward`, [
    `${path} contents are not set to 1`,
  ]);
}

/** Images are pulled for control planes; the first use of the container runtime that fails without it. */
export function refuseWithoutRuntime(run: KubeadmRun): void {
  say(run, '[preflight] Pulling images required for setting up a Kubernetes cluster');
  if (lacks(run.host, 'containerd')) giveUp(run, `${criError()}\n`);
}

/** Prints warnings, and throws where a finding is an error that the configuration does not ignore. */
export function refuse(run: KubeadmRun, findings: readonly Finding[], ignored: readonly string[]) {
  if (swapIsOn(run.host)) {
    say(
      run,
      '\t[WARNING Swap]: swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap.',
    );
  }
  const ignores = ignored.map((name) => name.toLowerCase());
  const fatal = findings.filter(
    ({ check }) => !ignores.includes('all') && !ignores.includes(check.toLowerCase()),
  );
  for (const { check, text } of findings) {
    if (!fatal.some((finding) => finding.check === check))
      say(run, `\t[WARNING ${check}]: ${text}`);
  }
  if (fatal.length === 0) return;
  giveUp(run, fatal.map(({ check, text }) => `\t[ERROR ${check}]: ${text}\n`).join(''));
}

/** Since 1.34 the findings are printed before the error, until then they were the error. */
function giveUp(run: KubeadmRun, findings: string): never {
  const cure =
    '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`';
  const text = `[preflight] Some fatal errors occurred:\n${findings}${cure}`;
  if (minorOf(run.kubeadmVersion) < 34) throw new KubeadmFailure(text);
  say(run, text);
  throw new KubeadmFailure('preflight checks failed');
}

function openPorts(host: PoweredHost, component: Component): readonly Finding[] {
  if (!host.runtime.pods.has(component)) return [];
  return PORTS[component].map((port) => ({
    check: `Port-${port}`,
    text: `Port ${port} is in use`,
  }));
}

function fileFindings(host: PoweredHost, path: string): readonly Finding[] {
  const check = `FileAvailable-${path.replaceAll('/', '-')}`;
  return when(host.disk.files.has(path), check, [`${path} already exists`]);
}

function when(condition: boolean, check: string, texts: readonly string[]): readonly Finding[] {
  return condition ? texts.map((text) => ({ check, text })) : [];
}

function criError(): string {
  const socket = CRI_SOCKET.replace('unix://', '');
  return `failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "${CRI_SOCKET}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${socket}: connect: no such file or directory"`;
}

import { assertSucceeded, balance, handOver, runProgram, until } from './cluster-by-hand.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import { CONFIG, ENDPOINT } from './kubeadm-files.ts';

const MANIFESTS = '/etc/kubernetes/manifests';
const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** In this order: the API server would crash-loop before there is an etcd beside it. */
const PROMOTION = [
  ['control-plane-prepare', 'certs'],
  ['control-plane-prepare', 'kubeconfig'],
  ['etcd-join'],
  ['control-plane-prepare', 'control-plane'],
  ['control-plane-join', 'mark-control-plane'],
];

/** A worker becomes a control plane without a reset: its kubelet and its pods run on. */
export async function promote(bench: ContractBench, host: ContractHost, sponsor: ContractHost) {
  await handOver(bench, host, { role: 'control-plane', sponsor });
  for (const phase of PROMOTION) {
    const argv = ['kubeadm', 'join', 'phase', ...phase, '--config', CONFIG] as const;
    assertSucceeded(await runProgram(bench, host, argv));
  }
  await until(bench, async () => (await host.ports.kube.localApiServerReady()) || undefined);
}

/** The reverse, with `via` another control plane. No load balancer may send to the host any more. */
export async function demote(
  bench: ContractBench,
  host: ContractHost,
  { via, others }: { readonly via: ContractHost; readonly others: readonly ContractHost[] },
) {
  await balance(bench.hosts, others);
  await leaveControlPlane(host, via);
  for (const component of COMPONENTS) {
    await host.ports.files.remove(`${MANIFESTS}/${component}.yaml`);
  }
  await until(bench, async () => {
    const running = await host.ports.host.controlPlaneProcesses();
    return running.length === 0 || undefined;
  });
  const conf = (await host.ports.files.read(KUBELET_CONF)) ?? '';
  const balanced = conf.replace(/server: https:\S+/, `server: https://${ENDPOINT}`);
  await host.ports.files.write(KUBELET_CONF, balanced, 0o600);
  assertSucceeded(await runProgram(bench, host, ['systemctl', 'restart', 'kubelet']));
  await removeSecrets(bench, host);
}

async function leaveControlPlane({ name }: ContractHost, { ports }: ContractHost): Promise<void> {
  const { kube, etcd } = ports;
  await kube.removeTaint(name, { key: CONTROL_PLANE, effect: 'NoSchedule' });
  await kube.setLabels(name, { [CONTROL_PLANE]: null, [EXCLUDED]: null });
  const member = (await etcd.members())?.find((each) => each.name === name);
  const change = await etcd.removeMember(member?.id ?? '');
  if (change.outcome === 'refused') throw new Error(change.text);
}

async function removeSecrets(bench: ContractBench, host: ContractHost): Promise<void> {
  const confs = ['admin', 'super-admin', 'controller-manager', 'scheduler'];
  for (const name of confs) await host.ports.files.remove(`/etc/kubernetes/${name}.conf`);
  const pki = '/etc/kubernetes/pki';
  const left = (await host.ports.files.list(pki)).filter((name) => name !== 'ca.crt');
  const paths = ['/var/lib/etcd/member', ...left.map((name) => `${pki}/${name}`)];
  assertSucceeded(await runProgram(bench, host, ['rm', '-rf', ...paths]));
}

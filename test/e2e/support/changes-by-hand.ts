import { run } from './machines.ts';

/** Something of a host, or of the cluster, that a hand changes in a machine. */
export interface ChangeByHand {
  /** As civitas calls it. */
  readonly item: string;
  /** Shell: makes the change. */
  readonly change: string;
  /** Shell: prints what was changed, in any form that tells a change. */
  readonly look: string;
}

const BALANCER_UNIT = '/etc/systemd/system/civitas-haproxy.service';
const KUBECTL = 'kubectl --request-timeout=10s';
const EXCLUDE = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TAINT = 'node-role.kubernetes.io/control-plane';
const KUBEADM_CONFIG = '-n kube-system get configmap kubeadm-config';

/** One of each kind, for a control plane. */
export const CHANGES: readonly ChangeByHand[] = [
  file('manifest:kube-scheduler', '/etc/kubernetes/manifests/kube-scheduler.yaml', manifestEdit()),
  file('kubelet-config', '/var/lib/kubelet/config.yaml', appended('maxPods: 77')),
  file('haproxy', '/etc/civitas/haproxy/haproxy.cfg', appended('# by hand')),
  file('unit:civitas-haproxy', BALANCER_UNIT, appended('# by hand')),
  {
    item: 'sysctl:net.ipv4.ip_forward',
    change: 'echo 0 >/proc/sys/net/ipv4/ip_forward',
    look: 'cat /proc/sys/net/ipv4/ip_forward',
  },
  {
    item: `label:${EXCLUDE}`,
    change: `${KUBECTL} label node $(hostname) ${EXCLUDE}-`,
    look: `${KUBECTL} get node $(hostname) --show-labels | grep -c ${EXCLUDE} || true`,
  },
  {
    item: `taint:${TAINT}`,
    change: `${KUBECTL} taint node $(hostname) ${TAINT}-`,
    look: `${KUBECTL} get node $(hostname) -o 'jsonpath={.spec.taints[?(@.key=="node-role.kubernetes.io/control-plane")].key}'`,
  },
  {
    item: 'config-map:kubeadm-config',
    change: `${KUBECTL} ${KUBEADM_CONFIG} -o json | sed 's/kubernetesVersion: v1.34.4/kubernetesVersion: v1.34.3/' | ${KUBECTL} replace -f -`,
    look: `${KUBECTL} ${KUBEADM_CONFIG} -o yaml | grep kubernetesVersion:`,
  },
];

export function changeByHand(machine: string, { change }: ChangeByHand): Promise<string> {
  return run(machine, ['sh', '-ec', change]);
}

export async function lookAt(machine: string, { look }: ChangeByHand): Promise<string> {
  return (await run(machine, ['sh', '-c', look])).trim();
}

function file(item: string, path: string, edit: (path: string) => string): ChangeByHand {
  return { item, change: edit(path), look: `sha256sum ${path}` };
}

function appended(line: string): (path: string) => string {
  return (path) => `printf '%s\\n' '${line}' >>${path}`;
}

function manifestEdit(): (path: string) => string {
  return (path) => `sed -i 's/^    - kube-scheduler$/&\\n    - --v=3/' ${path}`;
}

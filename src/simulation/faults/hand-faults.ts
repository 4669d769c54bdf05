import { baselineSchema } from '../../controllers/drift/baseline.ts';
import { BASELINE } from '../../controllers/drift/observe.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { labelNode } from '../node-labels.ts';
import { KUBELET_CONFIG, manifestPath } from '../paths.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { dropFile, putFile } from '../simulated-disk.ts';
import type { SimulatedHost } from '../simulated-host.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

const REMARK = '# by hand\n';
const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

type Deed = (host: SimulatedHost, fleet: Fleet, machine: Machine) => void;

/** What somebody with a shell on the machine does to it. */
const DEEDS: readonly Deed[] = [
  (host, fleet) => amend(host, KUBELET_CONFIG, fleet),
  (host, fleet) => amend(host, manifestPath('kube-scheduler'), fleet),
  (host, fleet) => amend(host, manifestPath('kube-apiserver'), fleet),
  (host, _fleet, machine) => dropManifest(host, machine),
  (host, fleet) => amend(host, DROP_IN, fleet),
  (host, fleet) => write(host, FORWARDING, '0\n', fleet),
  ({ disk }) => {
    disk.balancerAltered = disk.balancerServers !== undefined;
  },
  (host, fleet) => unmark(host, fleet),
];

export const handFaults = {
  'changed-by-hand': {
    does: 'somebody changes a file, a setting of the kernel, or the marks of a Node on some machines',
    begin(fleet, fault) {
      const deed = DEEDS[Math.floor(fault.amount * DEEDS.length)];
      for (const machine of machinesOf(fleet, fault)) {
        const host = fleet.world.state.hosts.get(machine.hostname);
        if (host) deed?.(host, fleet, machine);
      }
      return undefined;
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** Without it nobody joins: before the agent knows how its host was left, only people could put it back. */
function dropManifest({ disk }: SimulatedHost, machine: Machine): void {
  const baseline = JSON.parse(machine.directory().backup().get(BASELINE) ?? '{}');
  const isKnown = baselineSchema.safeParse(baseline).data?.pending === null;
  if (isKnown) dropFile(disk, manifestPath('kube-controller-manager'));
}

function amend(host: SimulatedHost, path: string, fleet: Fleet): void {
  const content = host.disk.files.get(path)?.content;
  if (content !== undefined) write(host, path, `${content}${REMARK}`, fleet);
}

function write({ disk }: SimulatedHost, path: string, content: string, { clock }: Fleet): void {
  const before = disk.files.get(path);
  if (!before) return;
  putFile(disk, path, { content, mode: before.mode, nowMs: clock.nowMs(), synced: true });
}

function unmark({ name }: SimulatedHost, { world }: Fleet): void {
  const clusters: readonly SimulatedCluster[] = [...world.state.clusters.values()];
  for (const { nodes } of clusters) {
    const node = nodes.get(name);
    if (!node) continue;
    labelNode(node, Object.fromEntries(Object.keys(node.labels).map((key) => [key, null])));
    node.taints = [];
  }
}

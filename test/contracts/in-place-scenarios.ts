import { balance, buildCluster, until } from './cluster-by-hand.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import { CONTROL_PLANE, NODE } from './control-plane-files.ts';
import { factsOf } from './host-facts.ts';
import { at, type HostScenario, SETTLED_MS } from './host-scenario.ts';
import { demote, promote } from './in-place.ts';

const DAEMON = { kind: 'DaemonSet', name: 'daemon', replicas: 1, emptyDir: true } as const;

/** Roles that change under running pods. */
export const IN_PLACE_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'a worker takes the place of a dead control plane, and its pods notice nothing',
    hosts: 4,
    observe: async (bench) => {
      const [first, dead, worker] = [at(bench, 0), at(bench, 2), at(bench, 3)];
      await buildCluster(bench, 3);
      await bench.room.apply(first, DAEMON);
      const before = await podOf(bench, first, 'n4');
      await bench.room.powerCut(dead);
      await balance(
        bench.hosts.filter((host) => host !== dead),
        bench.hosts.slice(0, 2),
      );
      await forget(bench, first, 'n3');
      await promote(bench, worker, first);
      const after = await podOf(bench, first, 'n4');
      const facts = await factsOf(bench, worker);
      return {
        pods: { same: before.uid === after.uid, restarts: after.restarts - before.restarts },
        facts,
        members: facts.etcd,
      };
    },
    expected: {
      pods: { same: true, restarts: 0 },
      facts: {
        ...CONTROL_PLANE,
        etcd: ['n1 voter', 'n2 voter', 'n4 voter'],
        node: { ...NODE, name: 'n4', controlPlane: true, internalIp: '10.88.0.4' },
        operations: 'absent',
      },
      members: ['n1 voter', 'n2 voter', 'n4 voter'],
    },
  },

  {
    title: 'a control plane becomes a worker, and its pods notice nothing',
    hosts: 3,
    observe: async (bench) => {
      const [first, second, third] = [at(bench, 0), at(bench, 1), at(bench, 2)];
      await buildCluster(bench, 3);
      await balance(bench.hosts, bench.hosts);
      const before = await proxyOf(bench, first, 'n3');
      await bench.clock.sleep(SETTLED_MS);
      await demote(bench, third, { via: first, others: [first, second] });
      await until(bench, async () => (await third.ports.kube.ownNode('n3'))?.ready || undefined);
      const after = await proxyOf(bench, first, 'n3');
      const taints = await until(bench, () => ownTaints(first, 'n3'));
      return {
        pods: { same: before.uid === after.uid, restarts: after.restarts - before.restarts },
        facts: await factsOf(bench, third),
        members: (await factsOf(bench, first)).etcd,
        taints,
      };
    },
    expected: {
      pods: { same: true, restarts: 0 },
      facts: {
        '/etc/kubernetes': ['kubelet.conf', 'manifests', 'pki'],
        '/etc/kubernetes/manifests': [],
        '/etc/kubernetes/pki': ['ca.crt'],
        kubelet: true,
        apiServer: false,
        etcd: undefined,
        node: { ...NODE, name: 'n3', controlPlane: false, internalIp: '10.88.0.3' },
        operations: 'absent',
      },
      members: ['n1 voter', 'n2 voter'],
      taints: [],
    },
  },
];

/** Undefined while Kubernetes still has its own taints on a node that it did not hear for a while. */
async function ownTaints({ ports }: ContractHost, node: string) {
  const taints = (await ports.kube.nodeMarks(node))?.taints ?? [];
  return taints.some(({ key }) => key.startsWith('node.kubernetes.io/')) ? undefined : taints;
}

async function forget(bench: ContractBench, { ports }: ContractHost, name: string): Promise<void> {
  const { kube, etcd } = ports;
  await bench.clock.sleep(SETTLED_MS);
  const members = await until(bench, () => etcd.members().catch(() => undefined));
  const change = await etcd.removeMember(members.find((each) => each.name === name)?.id ?? '');
  if (change.outcome === 'refused') throw new Error(change.text);
  const node = (await kube.nodes()).find((each) => each.name === name);
  await kube.deleteNode(name, node?.uid ?? '');
}

function podOf(bench: ContractBench, host: ContractHost, node: string) {
  return readyPod(bench, host, { node, prefix: 'daemon-' });
}

function proxyOf(bench: ContractBench, host: ContractHost, node: string) {
  return readyPod(bench, host, { node, prefix: 'kube-proxy-' });
}

function readyPod(
  bench: ContractBench,
  { ports }: ContractHost,
  { node, prefix }: { readonly node: string; readonly prefix: string },
) {
  return until(bench, async () => {
    const pods = await ports.kube.podsOn(node).catch(() => []);
    return pods.find(({ name, ready }) => name.startsWith(prefix) && ready);
  });
}

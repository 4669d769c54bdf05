import type { KubeNode } from '../../src/ports/kube.ts';
import {
  balance,
  buildCluster,
  init,
  join,
  makeReady,
  mintToken,
  run,
  TOKEN,
} from './cluster-by-hand.ts';
import type { ContractHost } from './contract-bench.ts';
import { CONTROL_PLANE, NODE } from './control-plane-files.ts';
import { complaints, factsOf, outcome } from './host-facts.ts';
import { at, type HostScenario, NOTHING } from './host-scenario.ts';

/** What kubeadm makes of machines. */
export const KUBERNETES_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'init makes a control plane whose node is Ready once it has a pod network',
    hosts: 1,
    observe: async (bench) => {
      await balance(bench.hosts, bench.hosts);
      const first = at(bench, 0);
      const state = await init(bench, first);
      const before = await factsOf(bench, first);
      await makeReady(bench, first);
      const { kube, balancer } = first.ports;
      return {
        ended: state.phase,
        readyBefore: typeof before.node === 'object' && before.node?.ready,
        facts: await factsOf(bench, first),
        initialised: await kube.initialised(),
        servers: (await balancer.observe()).servers.map(({ name, up }) => `${name} ${up}`),
      };
    },
    expected: {
      ended: 'succeeded',
      readyBefore: false,
      facts: {
        ...CONTROL_PLANE,
        etcd: ['n1 voter'],
        node: { ...NODE, name: 'n1', controlPlane: true, internalIp: '10.88.0.1' },
        operations: 'succeeded',
      },
      initialised: true,
      servers: ['n1 true'],
    },
  },

  {
    title: 'a second init on the same machine is refused by what the first one left',
    hosts: 1,
    observe: async (bench) => {
      await balance(bench.hosts, bench.hosts);
      await init(bench, at(bench, 0));
      return complaints(await init(bench, at(bench, 0))).toSorted();
    },
    expected: [
      '[ERROR DirAvailable--var-lib-etcd]: /var/lib/etcd is not empty',
      ...['apiserver', 'controller-manager', 'scheduler'].map(
        (name) =>
          `[ERROR FileAvailable--etc-kubernetes-manifests-kube-${name}.yaml]: /etc/kubernetes/manifests/kube-${name}.yaml already exists`,
      ),
      '[ERROR FileAvailable--etc-kubernetes-manifests-etcd.yaml]: /etc/kubernetes/manifests/etcd.yaml already exists',
      ...[6443, 10250, 10257, 10259, 2379, 2380].map(
        (port) => `[ERROR Port-${port}]: Port ${port} is in use`,
      ),
      'error: error execution phase preflight: preflight checks failed',
    ].toSorted(),
  },

  {
    title: 'three control planes and a worker become one cluster',
    hosts: 4,
    observe: async (bench) => {
      await buildCluster(bench, 3);
      const worker = at(bench, 3);
      return {
        third: await factsOf(bench, at(bench, 2)),
        worker: await factsOf(bench, worker),
        othersNode: await outcome(() => worker.ports.kube.ownNode('n1')),
        list: await outcome(() => worker.ports.kube.nodes()),
        nodes: (await at(bench, 2).ports.kube.nodes())
          .map(({ name, ready }) => `${name} ${ready}`)
          .sort(),
      };
    },
    expected: {
      third: {
        ...CONTROL_PLANE,
        etcd: ['n1 voter', 'n2 voter', 'n3 voter'],
        node: { ...NODE, name: 'n3', controlPlane: true, internalIp: '10.88.0.3' },
        operations: 'absent',
      },
      worker: {
        '/etc/kubernetes': ['kubelet.conf', 'manifests', 'pki'],
        '/etc/kubernetes/manifests': [],
        '/etc/kubernetes/pki': ['ca.crt'],
        kubelet: true,
        apiServer: false,
        etcd: undefined,
        node: { ...NODE, name: 'n4', controlPlane: false, internalIp: '10.88.0.4' },
        operations: 'absent',
      },
      othersNode: 'kube.refused',
      list: 'kube.refused',
      nodes: ['n1 true', 'n2 true', 'n3 true', 'n4 true'],
    },
  },

  {
    title: 'a bootstrap token is ours, is listed without its secret, and goes when deleted',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const first = at(bench, 0);
      await mintToken(bench, first);
      const ours = async () =>
        (await first.ports.kube.bootstrapTokens())
          .filter(({ id }) => id === TOKEN.slice(0, 6))
          .map((token) => Object.keys(token).sort());
      const listed = await ours();
      await first.ports.kube.deleteBootstrapToken(TOKEN.slice(0, 6));
      await first.ports.kube.deleteBootstrapToken(TOKEN.slice(0, 6));
      return [listed, await ours()];
    },
    expected: [[['expiresWallMs', 'id', 'ours']], []],
  },

  {
    title:
      'reset takes the member out of etcd and the files off the disk, and the machine joins again as soon as its Node was deleted',
    hosts: 2,
    observe: async (bench) => {
      await buildCluster(bench, 2);
      const [first, second] = [at(bench, 0), at(bench, 1)];
      await balance(bench.hosts, [first]);
      const reset = await run(bench, second, 'reset');
      const left = await factsOf(bench, second);
      const members = (await factsOf(bench, first)).etcd;
      const { uid = '' } = (await nodeOf(first, 'n2')) ?? {};
      await first.ports.kube.deleteNode('n2', 'of another');
      const spared = (await nodeOf(first, 'n2'))?.uid === uid;
      await first.ports.kube.deleteNode('n2', uid);
      await first.ports.kube.deleteNode('n2', uid);
      const deleted = (await nodeOf(first, 'n2')) === undefined;
      const again = await join(bench, second, { role: 'control-plane', sponsor: first });
      return {
        reset: reset.phase,
        left,
        members,
        spared,
        deleted,
        again: again.phase,
        etcd: (await factsOf(bench, second)).etcd,
        anew: (await nodeOf(first, 'n2'))?.uid !== uid,
      };
    },
    expected: {
      reset: 'succeeded',
      left: { ...NOTHING, '/etc/kubernetes': ['manifests', 'pki'] },
      members: ['n1 voter'],
      spared: true,
      deleted: true,
      again: 'succeeded',
      etcd: ['n1 voter', 'n2 voter'],
      anew: true,
    },
  },

  {
    title: 'joining is refused while a Ready node of that name exists',
    hosts: 2,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const [first, second] = [at(bench, 0), at(bench, 1)];
      await run(bench, second, 'reset');
      return complaints(await join(bench, second, { role: 'worker', sponsor: first }));
    },
    expected: [
      'error: error execution phase kubelet-start: a Node with name "n2" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node',
    ],
  },
];

async function nodeOf({ ports }: ContractHost, name: string): Promise<KubeNode | undefined> {
  return (await ports.kube.nodes()).find((each) => each.name === name);
}

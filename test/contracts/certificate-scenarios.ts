import type { LeafCertificate } from '../../src/state/leaf-certificates.ts';
import { ADDRESSED_LEAVES, isKubeadmLeaf } from '../../src/state/leaf-files.ts';
import { buildCluster, runProgram, until } from './cluster-by-hand.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import { at, type HostScenario } from './host-scenario.ts';
import { CONFIG, initConfig } from './kubeadm-files.ts';

const RENEW = ['kubeadm', 'certs', 'renew', 'all'] as const;
const RESTARTED = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver'] as const;
const OTHER_ADDRESS = '10.88.0.200';
const ADDRESSED_NAMES = ADDRESSED_LEAVES.map(({ name }) => name);
/** Leaves are dated in whole seconds. */
const NEXT_SECOND_MS = 2_000;

export const CERTIFICATE_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'a control plane has all of its leaves, shows them, and takes renewed ones up',
    hosts: 1,
    async observe(bench) {
      await buildCluster(bench, 1);
      const host = at(bench, 0);
      const { certificates, kube } = host.ports;
      const before = await certificates.leaves();
      const shown = await untilShown(bench, host);
      await bench.clock.sleep(NEXT_SECOND_MS);
      const { phase } = await runProgram(bench, host, [...RENEW]);
      const after = await certificates.leaves();
      for (const user of RESTARTED) await certificates.restart(user);
      const ready = await until(bench, async () => (await kube.localApiServerReady()) || undefined);
      return {
        // The simulated kubelet serves nothing.
        leaves: before.map(({ name }) => name).filter((name) => name !== 'kubelet-serving'),
        valid: before.every((leaf) => isGoodFor(leaf, bench)),
        shown,
        phase,
        renewed: namesOfLater(before, after),
        shownAfterwards: await untilShown(bench, host),
        ready,
        running: (await host.ports.host.controlPlaneProcesses()).toSorted(),
      };
    },
    expected: {
      leaves: [...kubeadmNames(), 'kubelet'],
      valid: true,
      shown: ['apiserver', 'etcd-server', 'etcd-peer'],
      phase: 'succeeded',
      renewed: kubeadmNames(),
      shownAfterwards: ['apiserver', 'etcd-server', 'etcd-peer'],
      ready: true,
      running: ['etcd', 'kube-apiserver', 'kube-controller', 'kube-scheduler'],
    },
  },
  {
    title:
      'leaves for another address are made where they are gone, and every member lists the others',
    hosts: 1,
    async observe(bench) {
      await buildCluster(bench, 1);
      const host = at(bench, 0);
      const { certificates, etcd, files } = host.ports;
      const before = await certificates.leaves();
      const members = await etcd.membersAt(host.address);
      const atFirst = await certificates.lacking(host.address);
      const lacking = await certificates.lacking(OTHER_ADDRESS);
      const { kubernetesVersion, componentConfigs } = bench;
      const moved = { ...host, address: OTHER_ADDRESS, kubernetesVersion, componentConfigs };
      await files.write(CONFIG, initConfig(moved), 0o600);
      for (const { path, keyPath = '' } of ADDRESSED_LEAVES) {
        await files.remove(path);
        await files.remove(keyPath);
      }
      const gone = await certificates.lacking(host.address);
      const all = ['kubeadm', 'init', 'phase', 'certs', 'all', '--config', CONFIG] as const;
      const { phase } = await runProgram(bench, host, [...all]);
      return {
        members: members?.map(({ name }) => name),
        atFirst,
        lacking,
        gone,
        phase,
        lackingAfterwards: await certificates.lacking(OTHER_ADDRESS),
        sameNames: sameNames(before, await certificates.leaves()),
      };
    },
    expected: {
      members: ['n1'],
      atFirst: [],
      lacking: ADDRESSED_NAMES,
      gone: ADDRESSED_NAMES,
      phase: 'succeeded',
      lackingAfterwards: [],
      sameNames: true,
    },
  },
  {
    title: 'a machine without Kubernetes has no leaves, shows none, and has nothing to restart',
    hosts: 1,
    async observe(bench) {
      const { certificates } = at(bench, 0).ports;
      await certificates.restart('kube-apiserver');
      return { leaves: await certificates.leaves(), served: await certificates.served() };
    },
    expected: { leaves: [], served: [] },
  },
];

/** Servers that show the leaf on the disk, once all do. */
function untilShown(bench: ContractBench, { ports }: ContractHost): Promise<readonly string[]> {
  return until(bench, async () => {
    const served = (await ports.certificates.served()).filter(
      ({ name }) => name !== 'kubelet-serving',
    );
    const isAll = served.length > 0 && served.every(({ state }) => state === 'present');
    return isAll ? served.map(({ name }) => name) : undefined;
  });
}

function isGoodFor({ notBeforeWallMs, notAfterWallMs }: LeafCertificate, { clock }: ContractBench) {
  return notBeforeWallMs <= clock.wallMs() && clock.wallMs() < notAfterWallMs;
}

function sameNames(some: readonly LeafCertificate[], others: readonly LeafCertificate[]): boolean {
  return some.map(({ name }) => name).join() === others.map(({ name }) => name).join();
}

function namesOfLater(before: readonly LeafCertificate[], after: readonly LeafCertificate[]) {
  const later = after.filter(({ name, notAfterWallMs }) => {
    const former = before.find((leaf) => leaf.name === name);
    return isKubeadmLeaf(name) && former !== undefined && notAfterWallMs > former.notAfterWallMs;
  });
  return later.map(({ name }) => name);
}

/** As kubeadm 1.34 makes them on the first control plane. */
function kubeadmNames(): readonly string[] {
  return [
    'admin.conf',
    'apiserver',
    'apiserver-etcd-client',
    'apiserver-kubelet-client',
    'controller-manager.conf',
    'etcd-healthcheck-client',
    'etcd-peer',
    'etcd-server',
    'front-proxy-client',
    'scheduler.conf',
    'super-admin.conf',
  ];
}

import { assertSucceeded, buildCluster, prepare, runProgram, until } from './cluster-by-hand.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import { complaints } from './host-facts.ts';
import { at, type HostScenario, SETTLED_MS } from './host-scenario.ts';

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';
/** Version 1 of cgroups is a warning that kubeadm takes for an error. */
const IGNORED = '--ignore-preflight-errors=SystemVerification';

/** Certificates and versions, as kubeadm renews them. */
export const UPGRADE_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'certificates are told with their expiry, and renewed for a year',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const first = at(bench, 0);
      const before = await expirations(bench, first);
      await bench.clock.sleep(SETTLED_MS);
      const renewed = await runProgram(bench, first, ['kubeadm', 'certs', 'renew', 'all']);
      const after = await expirations(bench, first);
      const later = Object.keys(before).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
      return {
        renewed: renewed.phase,
        names: Object.keys(before),
        later: later.length === Object.keys(before).length,
        days: Math.round(((after['apiserver'] ?? 0) - bench.clock.wallMs()) / 86_400_000),
        ready: await first.ports.kube.localApiServerReady(),
      };
    },
    expected: {
      renewed: 'succeeded',
      names: [
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
      ],
      later: true,
      days: 365,
      ready: true,
    },
  },

  {
    title: 'static pods end with the kubelet stopped, and come back with it as their manifests say',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const { etcd, host, kube } = at(bench, 0).ports;
      await bench.clock.sleep(SETTLED_MS);
      await host.stopStaticPods();
      const stopped = {
        processes: await host.controlPlaneProcesses(),
        kubelet: await host.kubeletRunsForMs(),
        ready: await kube.localApiServerReady(),
        version: await kube.localApiServerVersion(),
      };
      await host.stopStaticPods();
      await host.restartKubelet();
      await until(bench, async () => (await kube.localApiServerReady()) || undefined);
      return {
        stopped,
        processes: [...(await host.controlPlaneProcesses())].sort(),
        version: (await kube.localApiServerVersion()) === bench.kubernetesVersion,
        leads: (await etcd.ownStatus())?.leaderId !== null,
      };
    },
    expected: {
      stopped: { processes: [], kubelet: undefined, ready: false, version: undefined },
      processes: ['etcd', 'kube-apiserver', 'kube-controller', 'kube-scheduler'],
      version: true,
      leads: true,
    },
  },

  {
    title: 'a minor upgrade goes through one control plane and one worker',
    hosts: 2,
    observe: async (bench) => {
      const [first, worker] = [at(bench, 0), at(bench, 1)];
      await buildCluster({ ...bench, kubernetesVersion: OLD }, 1);
      const kubeadm = bench.room.program('kubeadm', NEW);
      const apply = (program: string, version: string) =>
        runProgram(bench, first, [program, 'upgrade', 'apply', version, '--yes', IGNORED]);
      const node = (host: ContractHost) =>
        runProgram(bench, host, [kubeadm, 'upgrade', 'node', IGNORED]);
      const tooOld = await apply(bench.room.program('kubeadm', OLD), NEW);
      const before = await versionsOf(bench);
      const applied = await apply(kubeadm, NEW);
      const halfway = await versionsOf(bench);
      const onWorker = await node(worker);
      const shown = (await mirrorPods(first)).map(({ uid }) => uid);
      for (const host of bench.hosts) await startNewKubelet(bench, host);
      await untilStartedAnew(bench, first, shown);
      return {
        tooOld: complaints(tooOld).some((line) => line.includes('the version argument is invalid')),
        before,
        applied: applied.phase,
        halfway,
        onWorker: onWorker.phase,
        after: await versionsOf(bench),
        etcd: (await first.ports.etcd.ownStatus())?.version,
        again: (await apply(kubeadm, NEW)).phase,
      };
    },
    expected: {
      tooOld: true,
      before: { cluster: OLD, apiServer: OLD, kubelets: [OLD, OLD] },
      applied: 'succeeded',
      halfway: { cluster: NEW, apiServer: NEW, kubelets: [OLD, OLD] },
      onWorker: 'succeeded',
      after: { cluster: NEW, apiServer: NEW, kubelets: [NEW, NEW] },
      etcd: '3.6.5',
      again: 'succeeded',
    },
  },
];

/** Milliseconds since 1970, by kubeadm's name of the certificate. */
async function expirations(
  bench: ContractBench,
  host: ContractHost,
): Promise<Readonly<Record<string, number>>> {
  const argv = ['kubeadm', 'certs', 'check-expiration', '-o', 'json'] as const;
  const state = await runProgram(bench, host, argv);
  if (state.phase !== 'succeeded') throw new Error(JSON.stringify(state));
  const { output } = state;
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
  const { certificates } = JSON.parse(json) as {
    certificates: readonly { name: string; expirationDate: string }[];
  };
  return Object.fromEntries(
    certificates.map(({ name, expirationDate }) => [name, Date.parse(expirationDate)]),
  );
}

async function startNewKubelet(bench: ContractBench, host: ContractHost): Promise<void> {
  await prepare({ ...bench, kubernetesVersion: NEW }, host);
  assertSucceeded(await runProgram(bench, host, ['systemctl', 'restart', 'kubelet']));
  await until(bench, async () => {
    const node = await host.ports.kube.ownNode(host.name).catch(() => undefined);
    return (node?.ready && node.kubeletVersion === NEW) || undefined;
  });
}

/** To a kubelet of another minor the same manifests are other pods: it ends the old ones. */
async function untilStartedAnew(bench: ContractBench, host: ContractHost, old: readonly string[]) {
  await until(bench, async () => {
    const pods = await mirrorPods(host).catch(() => []);
    const anew = pods.filter(({ uid, ready }) => ready && !old.includes(uid));
    return anew.length === old.length || undefined;
  });
  await bench.clock.sleep(SETTLED_MS);
}

async function mirrorPods({ name, ports }: ContractHost) {
  return (await ports.kube.podsOn(name)).filter(({ mirror }) => mirror);
}

async function versionsOf(bench: ContractBench) {
  const { kube } = at(bench, 0).ports;
  const config = (await kube.configMap('kubeadm-config'))?.data['ClusterConfiguration'] ?? '';
  const pods = await kube.podsOn('n1');
  const image = pods.find(({ name }) => name === 'kube-apiserver-n1')?.images[0];
  return {
    cluster: config.match(/kubernetesVersion: (\S+)/)?.[1],
    apiServer: image?.split(':').at(-1),
    kubelets: (await kube.nodes()).map(({ kubeletVersion }) => kubeletVersion),
  };
}

import { describe, expect, test } from '@jest/globals';
import { balance, buildCluster, runProgram } from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';
const SKIPPING = 'v1.35.1';
const FAILED =
  "error: error execution phase control-plane: couldn't complete the static pod upgrade:";

interface Row {
  readonly when: string;
  readonly controlPlanes?: number;
  readonly kubeadm?: string;
  readonly target?: string;
  readonly arrange: (bench: SimulatedBench) => Promise<void>;
  readonly complaints: readonly string[];
}

describe('simulated kubeadm upgrade apply', () => {
  test.each<Row>([
    {
      when: 'a minor would be skipped',
      kubeadm: SKIPPING,
      target: SKIPPING,
      arrange: async () => {},
      complaints: [
        'error: error execution phase preflight: the version argument is invalid due to these fatal errors:',
      ],
    },
    {
      when: 'kubeadm is of the minor before',
      kubeadm: OLD,
      arrange: async () => {},
      complaints: [
        'error execution phase preflight: the version argument is invalid due to these fatal errors:',
      ],
    },
    {
      when: 'a control plane is not Ready',
      controlPlanes: 3,
      arrange: async ({ world, clock }) => {
        world.powerOff('n3');
        await clock.advance(60_000);
      },
      complaints: [
        '[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [n3]',
        'error: error execution phase preflight: preflight checks failed',
      ],
    },
    {
      when: 'nothing schedules the pod of its job',
      arrange: ({ host }) =>
        host(0).ports.files.remove('/etc/kubernetes/manifests/kube-scheduler.yaml'),
      complaints: [
        '[ERROR CreateJob]: Job "upgrade-health-check-N" in the namespace "kube-system" did not complete in 15s: no condition of type Complete',
        '[ERROR StaticPodManifest]: manifest files not found: [/etc/kubernetes/manifests/kube-scheduler.yaml]',
        'error: error execution phase preflight: preflight checks failed',
      ],
    },
    {
      when: 'a feature gate is gone',
      arrange: async ({ host }) => {
        const { kube } = host(0).ports;
        const found = await kube.configMap('kubeadm-config');
        const text = `${found?.data['ClusterConfiguration']}featureGates: {EtcdLearnerMode: true}\n`;
        await kube.patchConfigMap(
          'kubeadm-config',
          { ClusterConfiguration: text },
          found?.revision ?? '',
        );
      },
      complaints: [
        'error: [upgrade] FATAL: featureGates: Invalid value: {"EtcdLearnerMode":true}: EtcdLearnerMode is not a valid feature name.',
      ],
    },
    {
      when: 'no API server answers',
      arrange: ({ host }) => host(0).ports.balancer.install([]),
      complaints: [
        'error: [upgrade] FATAL: failed to get config map: Get "https://127.0.0.1:7443/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s": EOF',
      ],
    },
    {
      when: 'there is no admin.conf',
      arrange: ({ host }) => host(0).ports.files.remove('/etc/kubernetes/admin.conf'),
      complaints: [
        'error: couldn\'t create a Kubernetes client from file "/etc/kubernetes/admin.conf": failed to load admin kubeconfig: open /etc/kubernetes/admin.conf: no such file or directory',
      ],
    },
  ])('complains when $when', async (row) => {
    const { kubeadm = NEW, target = NEW, controlPlanes = 1, arrange, complaints: expected } = row;
    const bench = await clusterAt(OLD, controlPlanes);
    await arrange(bench);
    await bench.clock.advance(20_000);
    const state = await bench.drive(upgrade(bench, 0, ['apply', target, '--yes'], kubeadm));
    expect(complaints(state).map((line) => line.replace(/check-\d+/, 'check-N'))).toEqual(expected);
    expect(await versions(bench)).toMatchObject({ apiServer: OLD });
  });

  test('puts all manifests back when the kubelet does not show the new pods', async () => {
    const bench = await clusterAt(OLD, 1);
    const before = await manifests(bench);
    stopKubeletAt(bench, 'kube-apiserver');
    const state = await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
    expect(complaints(state)).toEqual([
      `${FAILED} couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: static Pod hash for component kube-apiserver on Node n1 did not change after 5m0s: context deadline exceeded`,
    ]);
    expect(await manifests(bench)).toEqual(before);
  });

  test.each(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])(
    'cut off by a power cut at %s can be run again to its end',
    async (component) => {
      const bench = await clusterAt(OLD, 1);
      const forget = bench.world.onChange(({ event, detail }) => {
        if (event !== 'manifest.swapped' || detail !== component) return;
        forget();
        bench.world.powerOff('n1');
      });
      await expect(bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']))).rejects.toThrow(
        'no power',
      );
      bench.world.boot('n1');
      await bench.clock.advance(60_000);
      const cutOff = await versions(bench);
      const again = await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
      expect([cutOff.cluster, again.phase, await versions(bench)]).toEqual([
        OLD,
        'succeeded',
        { cluster: NEW, apiServer: NEW, addons: NEW },
      ]);
    },
  );

  test.each([
    'preflight',
    'control-plane',
    'upload-config/kubeadm',
    'kubelet-config',
    'addon/coredns',
    'post-upgrade',
  ])('killed in phase %s can be run again to its end', async (phase) => {
    const bench = await clusterAt(OLD, 1);
    const forget = bench.world.onChange(({ event, detail, host }) => {
      if (event !== 'phase.started' || detail !== `contract ${phase}`) return;
      forget();
      bench.world.killOperation(host, 'contract');
    });
    const killed = await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
    const again = await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
    expect([
      killed.phase === 'failed' && killed.exitCode,
      again.phase,
      await versions(bench),
    ]).toEqual([137, 'succeeded', { cluster: NEW, apiServer: NEW, addons: NEW }]);
  });

  test('takes about 160 s, and leaves the backups where kubeadm does', async () => {
    const bench = await clusterAt(OLD, 1);
    const startedMs = bench.clock.nowMs();
    await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
    const seconds = (bench.clock.nowMs() - startedMs) / 1_000;
    expect(seconds).toBeGreaterThan(120);
    expect(seconds).toBeLessThan(200);
    const left = await bench.host(0).ports.files.list('/etc/kubernetes/tmp');
    expect(left.map((name) => name.replace(/[0-9a-f]{8}$|\d{4}-.*$/, ''))).toEqual([
      'kubeadm-backup-manifests-',
      'kubeadm-kubelet-config',
    ]);
  });
});

describe('simulated kubeadm upgrade node', () => {
  test('brings the others to the version of the cluster, add-ons with the last control plane', async () => {
    const bench = await clusterAt(OLD, 2);
    await bench.drive(upgrade(bench, 0, ['apply', NEW, '--yes']));
    const halfway = await versions(bench);
    await bench.drive(upgrade(bench, 1, ['node']));
    await bench.clock.advance(60_000);
    expect([halfway, await versions(bench)]).toEqual([
      { cluster: NEW, apiServer: NEW, addons: OLD },
      { cluster: NEW, apiServer: NEW, addons: NEW },
    ]);
  });

  test('on a worker writes the configuration of the kubelet and nothing else', async () => {
    const bench = await clusterAt(OLD, 1);
    const { files } = bench.host(1).ports;
    await files.write('/var/lib/kubelet/config.yaml', 'changed: by hand\n', 0o644);
    const state = await bench.drive(upgrade(bench, 1, ['node', 'phase', 'kubelet-config']));
    expect([state.phase, await files.list('/etc/kubernetes/manifests')]).toEqual(['succeeded', []]);
    expect(await files.read('/var/lib/kubelet/config.yaml')).toContain(
      'kind: KubeletConfiguration',
    );
  });
});

/** Control planes of this version and one worker, on hosts that have all versions. */
async function clusterAt(version: string, controlPlanes: number): Promise<SimulatedBench> {
  const kubernetesVersions = [version, OLD, NEW, SKIPPING];
  const bench = simulatedBench({ hosts: controlPlanes + 1, spec: { kubernetesVersions } });
  await bench.drive(buildCluster(bench, controlPlanes));
  await balance(bench.hosts, bench.hosts.slice(0, controlPlanes));
  await bench.clock.advance(10_000);
  return bench;
}

function upgrade(bench: SimulatedBench, index: number, words: readonly string[], version = NEW) {
  const kubeadm = bench.room.program('kubeadm', version);
  return runProgram(bench, bench.host(index), [kubeadm, 'upgrade', ...words]);
}

function stopKubeletAt({ world }: SimulatedBench, component: string): void {
  world.onChange(({ event, detail, host }) => {
    if (event !== 'manifest.swapped' || detail !== component) return;
    const kubelet = world.state.hosts.get(host)?.runtime?.kubelet;
    if (kubelet) Object.assign(kubelet, { running: false, wanted: false });
  });
}

async function manifests({ host }: SimulatedBench): Promise<readonly (string | undefined)[]> {
  const { files } = host(0).ports;
  const folder = '/etc/kubernetes/manifests';
  const names = await files.list(folder);
  return Promise.all(names.map((name) => files.read(`${folder}/${name}`)));
}

async function versions({ world, host }: SimulatedBench) {
  const [cluster] = world.state.clusters.values();
  const manifest = await host(0).ports.files.read('/etc/kubernetes/manifests/kube-apiserver.yaml');
  const proxy = cluster?.workloads.get('DaemonSet kube-system/kube-proxy')?.image;
  return {
    cluster: cluster?.configuration?.kubernetesVersion,
    apiServer: manifest?.match(/image: \S+:(v\S+)/)?.[1],
    addons: proxy?.split(':').at(-1),
  };
}

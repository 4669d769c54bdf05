import { describe, expect, test } from '@jest/globals';
import type { HostSpec } from '../../src/simulation/simulated-host.ts';
import { balance, init, run } from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { CONFIG, initConfig, ORDINARY_CONFIGS } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

interface Row {
  readonly when: string;
  readonly spec?: Partial<HostSpec>;
  readonly arrange?: (bench: SimulatedBench) => Promise<void>;
  /** Written instead of an ordinary one; null: none. */
  readonly config?: string | null;
  readonly complaints: readonly string[];
}

const PREFLIGHT = 'error: error execution phase preflight:';
const HEALTHZ = 'http://127.0.0.1:10248/healthz';
const LIVEZ = 'https://10.88.0.1:6443/livez';
const V1BETA3 = 'apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\n';
const MAP_OF_ARGUMENTS = `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
scheduler: {extraArgs: {profiling: 'false'}}
`;

describe('simulated kubeadm init', () => {
  test.each<Row>([
    {
      when: 'nobody prepared the host',
      config: initConfig({
        name: 'n1',
        address: '10.88.0.1',
        kubernetesVersion: 'v1.34.4',
        componentConfigs: ORDINARY_CONFIGS,
      }),
      complaints: [
        '[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1',
        `${PREFLIGHT} preflight checks failed`,
      ],
    },
    {
      when: 'a manifest was left over',
      arrange: leaveManifest,
      complaints: [
        '[ERROR FileAvailable--etc-kubernetes-manifests-etcd.yaml]: /etc/kubernetes/manifests/etcd.yaml already exists',
        `${PREFLIGHT} preflight checks failed`,
      ],
    },
    {
      when: 'a manifest was left over, before 1.34',
      spec: { kubernetesVersions: ['v1.33.13'] },
      arrange: leaveManifest,
      complaints: [
        'error execution phase preflight: [preflight] Some fatal errors occurred:',
        '[ERROR FileAvailable--etc-kubernetes-manifests-etcd.yaml]: /etc/kubernetes/manifests/etcd.yaml already exists',
      ],
    },
    {
      when: 'containerd is missing',
      spec: { lacks: ['containerd'] },
      complaints: [`${PREFLIGHT} preflight checks failed`],
    },
    {
      when: 'swap is on',
      spec: { swapOn: true },
      complaints: [
        `error: error execution phase wait-control-plane: failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL ${HEALTHZ}' returned error: Get "${HEALTHZ}": dial tcp 127.0.0.1:10248: connect: connection refused`,
      ],
    },
    {
      when: 'etcd does not come up',
      arrange: breakEtcd,
      complaints: [
        `error: error execution phase wait-control-plane: failed while waiting for the control plane to start: kube-apiserver check failed at ${LIVEZ}: Get "${LIVEZ}?timeout=10s": dial tcp 10.88.0.1:6443: connect: connection refused`,
      ],
    },
    {
      when: 'the load balancer does not run',
      complaints: [
        'error: error execution phase upload-config: could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding: Post "https://127.0.0.1:7443/api?timeout=10s": dial tcp 127.0.0.1:7443: connect: connection refused',
      ],
    },
    {
      when: 'this kubeadm does not know the version of the configuration',
      spec: { kubernetesVersions: ['v1.30.9'] },
      complaints: [
        'no kind "InitConfiguration" is registered for version "kubeadm.k8s.io/v1beta4" in scheme "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/scheme/scheme.go:31"',
      ],
    },
    {
      when: 'v1beta4 has its arguments in a map',
      config: MAP_OF_ARGUMENTS,
      complaints: [
        'error: error unmarshaling configuration ClusterConfiguration: json: cannot unmarshal field scheduler.extraArgs: Invalid input: expected array, received object',
      ],
    },
    {
      when: 'there is no configuration file',
      config: null,
      complaints: [
        `error: unable to read config from "${CONFIG}": open ${CONFIG}: no such file or directory`,
      ],
    },
  ])('complains when $when', async ({ spec = {}, arrange, config, complaints: expected }) => {
    const bench = simulatedBench({ hosts: 1, spec });
    const first = bench.host(0);
    if (arrange) await arrange(bench);
    if (config) await first.ports.files.write(CONFIG, config, 0o600);
    const command = config === undefined ? init(bench, first) : run(bench, first, 'init');
    expect(complaints(await bench.drive(command))).toEqual(expected);
  });

  test('reads v1beta3 before 1.31, where the container runtime is a check of its own', async () => {
    const spec = { kubernetesVersions: ['v1.30.9'], lacks: ['containerd'] } as const;
    const bench = simulatedBench({ hosts: 1, spec });
    await bench.host(0).ports.files.write(CONFIG, V1BETA3, 0o600);
    const state = await bench.drive(run(bench, bench.host(0), 'init'));
    expect(complaints(state)[1]).toMatch(/^\[ERROR CRI\]: container runtime is not running: /);
  });

  test('runs through when told to ignore what it finds', async () => {
    const bench = simulatedBench({ hosts: 1 });
    await balance(bench.hosts, bench.hosts);
    await bench.host(0).ports.host.prepare('kubelet-service', 'v1.34.4');
    const { kubernetesVersion, componentConfigs } = bench;
    const config = initConfig({ ...bench.host(0), kubernetesVersion, componentConfigs });
    const ignoring = config.replace(
      '[SystemVerification]',
      '[filecontent--proc-sys-net-ipv4-ip_forward]',
    );
    await bench.host(0).ports.files.write(CONFIG, ignoring, 0o600);
    expect((await bench.drive(run(bench, bench.host(0), 'init'))).phase).toBe('succeeded');
  });

  test('fails a phase as told, before or after its work', async () => {
    const bench = simulatedBench({ hosts: 1 });
    await balance(bench.hosts, bench.hosts);
    const text = 'context deadline exceeded';
    bench.world.failNext('n1', { phase: 'certs', text });
    bench.world.failNext('n1', { phase: 'addon/kube-proxy', text, when: 'after' });
    const first = complaints(await bench.drive(init(bench, bench.host(0))));
    const second = complaints(await bench.drive(init(bench, bench.host(0))));
    expect([first, second, await bench.host(0).ports.kube.initialised()]).toEqual([
      [`error: error execution phase certs: ${text}`],
      [`error: error execution phase addon/kube-proxy: ${text}`],
      true,
    ]);
  });
});

async function leaveManifest({ host }: SimulatedBench): Promise<void> {
  await host(0).ports.files.write('/etc/kubernetes/manifests/etcd.yaml', 'kind: Pod\n', 0o600);
}

/** Data of a member that no cluster has: etcd ends at once, again and again. */
async function breakEtcd({ host, world }: SimulatedBench): Promise<void> {
  world.onChange(({ event, detail }) => {
    if (event !== 'phase.started' || detail !== 'init kubelet-start') return;
    const foreign = '{"clusterId":"0","memberId":"0"}';
    void host(0).ports.files.write('/var/lib/etcd/member/snap/db', foreign, 0o600);
  });
}

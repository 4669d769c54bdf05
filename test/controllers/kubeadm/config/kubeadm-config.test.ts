import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import {
  initConfig,
  joinConfig,
} from '../../../../src/controllers/kubeadm/config/kubeadm-config.ts';
import { clusterSpecSchema } from '../../../../src/state/cluster-spec.ts';
import type { KubeadmInput } from '../../../../src/state/kubeadm/kubeadm-input.ts';

const TOKEN = 'abcdef.0123456789abcdef';

function inputFor(minor: number, patch: number, kubeadm = {}): KubeadmInput {
  return {
    kubernetesVersion: { minor, patch },
    clusterId: '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11',
    spec: clusterSpecSchema.parse({ kubernetesVersion: `v1.${minor}.${patch}`, kubeadm }),
    hostname: 'n1',
    address: '10.88.0.11',
    cgroupDriver: 'systemd',
    knownNames: ['n1', '10.88.0.11', 'n2', '10.88.0.12'],
  };
}

function golden(name: string): string {
  return readFileSync(new URL(`./golden/${name}.yaml`, import.meta.url), 'utf8');
}

function document(text: string, kind: string): Record<string, unknown> | undefined {
  return parseAllDocuments(text)
    .map((parsed) => parsed.toJS())
    .find((candidate) => candidate.kind === kind);
}

describe('kubeadm configuration', () => {
  test.each([
    [28, 15],
    [31, 14],
    [33, 13],
    [34, 4],
  ])('for Kubernetes 1.%i is the one that its kubeadm reads', (minor, patch) => {
    const input = inputFor(minor, patch);
    expect(initConfig(input)).toBe(golden(`init-1.${minor}`));
    expect(joinConfig('join-control-plane', TOKEN, input)).toBe(
      golden(`join-control-plane-1.${minor}`),
    );
    expect(joinConfig('join-worker', TOKEN, input)).toBe(golden(`join-worker-1.${minor}`));
  });

  test('of an unsupported version is refused by name', () => {
    expect(() => initConfig(inputFor(27, 16))).toThrow('kubeadm 1.27 is not supported');
  });

  test('for init holds no token, and lets the one kubeadm makes expire at once', () => {
    const tokens = document(initConfig(inputFor(34, 4)), 'InitConfiguration')?.['bootstrapTokens'];
    expect(tokens).toEqual([
      {
        description: 'civitas init, not for use',
        ttl: '1s',
        usages: ['signing', 'authentication'],
        groups: ['system:bootstrappers:kubeadm:default-node-token'],
      },
    ]);
  });

  test('takes what the spec lays over it, and keeps the rest', () => {
    const text = initConfig(
      inputFor(34, 4, {
        clusterConfiguration: {
          apiServer: { certSANs: ['api.example.org'] },
          controllerManager: { extraArgs: [{ name: 'node-monitor-grace-period', value: '20s' }] },
        },
        kubeletConfiguration: { failSwapOn: false, seccompDefault: null },
        kubeProxyConfiguration: { mode: 'nftables', conntrack: { min: 0 } },
        ignorePreflightErrors: ['SystemVerification'],
      }),
    );
    expect(document(text, 'ClusterConfiguration')).toMatchObject({
      apiServer: {
        certSANs: [
          '127.0.0.1',
          '::1',
          'localhost',
          'n1',
          '10.88.0.11',
          'n2',
          '10.88.0.12',
          'api.example.org',
        ],
      },
      controllerManager: {
        extraArgs: [
          { name: 'profiling', value: 'false' },
          { name: 'node-monitor-grace-period', value: '20s' },
        ],
      },
    });
    expect(document(text, 'KubeletConfiguration')).toEqual({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      cgroupDriver: 'systemd',
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
      readOnlyPort: 0,
      rotateCertificates: true,
      tlsMinVersion: 'VersionTLS12',
      failSwapOn: false,
    });
    expect(document(text, 'KubeProxyConfiguration')).toMatchObject({
      mode: 'nftables',
      conntrack: { min: 0 },
    });
    expect(document(text, 'InitConfiguration')).toMatchObject({
      nodeRegistration: { ignorePreflightErrors: ['SystemVerification'] },
    });
  });

  test('takes nothing from a spec that is not for people to set, wherever that came from', () => {
    const patched = inputFor(34, 4, {
      clusterConfiguration: {
        kubernetesVersion: 'v1.33.0',
        networking: null,
        controlPlaneEndpoint: null,
        certificatesDir: '/srv/pki',
        etcd: { external: { endpoints: ['https://10.0.0.9:2379'] }, local: { dataDir: '/srv' } },
        apiServer: {
          certSANs: null,
          extraArgs: [
            { name: 'etcd_servers', value: 'https://10.0.0.9:2379' },
            { name: 'encryption-provider-config', value: '/tmp/none' },
          ],
          extraVolumes: [{ name: 'encryption', hostPath: '/tmp' }],
        },
        controllerManager: 'none',
      },
      kubeletConfiguration: { staticPodPath: '/srv', clusterDNS: ['10.1.0.10'] },
      kubeProxyConfiguration: { clusterCIDR: '10.1.0.0/16' },
    });
    const cluster = { etcd: { local: {} } };
    expect(parseAllDocuments(initConfig(patched)).map((each) => each.toJS())).toEqual(
      parseAllDocuments(golden('init-1.34'))
        .map((each) => each.toJS())
        .map((each) => (each.kind === 'ClusterConfiguration' ? { ...each, ...cluster } : each)),
    );
  });

  test('reads the same in YAML 1.1, where a bare `no` is a boolean and `1:30` a number', () => {
    const text = initConfig(
      inputFor(34, 4, { clusterConfiguration: { imageRepository: 'no', a: '1:30' } }),
    );
    const [, cluster] = parseAllDocuments(text, { version: '1.1' });
    expect(cluster?.toJS()).toMatchObject({ imageRepository: 'no', a: '1:30' });
  });
});

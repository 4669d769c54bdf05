import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type ClusterSpec, clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { clusterConfiguration } from '../../../src/state/kubeadm/cluster-configuration.ts';
import { kubeadmDialect } from '../../../src/state/kubeadm/kubeadm-dialect.ts';
import {
  type ConfigMapName,
  wantedConfigMap,
} from '../../../src/state/kubeadm/wanted-config-map.ts';

const VERSION = { minor: 34, patch: 4 };
const CLUSTER_ID = '0d5ba1ab-0000-4000-8000-000000000000';

function spec(kubeadm: Record<string, unknown> = {}): ClusterSpec {
  return clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', kubeadm });
}

function context(wanted = spec(), former: readonly ClusterSpec[] = []) {
  return {
    kubernetesVersion: VERSION,
    clusterId: CLUSTER_ID,
    cgroupDriver: 'systemd' as const,
    spec: wanted,
    former: former.map(({ kubeadm }) => kubeadm),
  };
}

/** As kubeadm stores it: with names of nodes, and with fields that it fills in. */
function stored(differs: Record<string, unknown> = {}): string {
  const input = {
    kubernetesVersion: VERSION,
    clusterId: CLUSTER_ID,
    spec: spec(),
    knownNames: ['n1', '10.88.0.1'],
  };
  const generated = clusterConfiguration(kubeadmDialect(VERSION), input);
  return stringify({ ...generated, imageRepository: 'registry.k8s.io', ...differs });
}

const KUBELET = stringify({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  cgroupDriver: 'systemd',
  authentication: {
    anonymous: { enabled: false },
    webhook: { cacheTTL: '0s', enabled: true },
  },
  authorization: { mode: 'Webhook' },
  rotateCertificates: true,
  seccompDefault: true,
  tlsMinVersion: 'VersionTLS12',
  clusterDNS: ['10.96.0.10'],
});

function fields(name: ConfigMapName, text: string, given = context()): unknown {
  const wanted = wantedConfigMap(name, text, given);
  return typeof wanted === 'string' ? wanted : parse(wanted.text);
}

describe('a ConfigMap of kubeadm', () => {
  test('that kubeadm wrote is as it should be, though it leaves out what says nothing', () => {
    expect(fields('kubeadm-config', stored())).toBe('same');
    expect(fields('kubelet-config', KUBELET)).toBe('same');
  });

  test('names the release that all API servers run', () => {
    const text = stored({ kubernetesVersion: 'v1.33.9' });
    expect(fields('kubeadm-config', text)).toEqual(parse(stored()));
  });

  test('loses the gates that this release knows no more, and keeps the others', () => {
    const gates = { EtcdLearnerMode: true, NodeLocalCRISocket: true, OfNextYear: true };
    expect(fields('kubeadm-config', stored({ featureGates: gates }))).toEqual({
      ...parse(stored()),
      featureGates: { NodeLocalCRISocket: true, OfNextYear: true },
    });
    const dead = { featureGates: { EtcdLearnerMode: true } };
    expect(fields('kubeadm-config', stored(dead))).toEqual(parse(stored()));
  });

  test('gets the patches of the spec, and is as it should be with them', () => {
    const patched = context(spec({ kubeletConfiguration: { maxPods: 50 } }));
    const wanted = wantedConfigMap('kubelet-config', KUBELET, patched);
    if (typeof wanted === 'string') throw new RangeError(wanted);
    expect(parse(wanted.text)).toEqual({ ...parse(KUBELET), maxPods: 50 });
    expect(wantedConfigMap('kubelet-config', wanted.text, patched)).toBe('same');
  });

  test('takes nothing that is not for people to set, and loses it where a former patch laid it', () => {
    const patch = spec({
      clusterConfiguration: { kubernetesVersion: 'v1.33.0', networking: { podSubnet: null } },
      kubeletConfiguration: { staticPodPath: '/srv' },
    });
    expect(fields('kubeadm-config', stored(), context(patch))).toBe('same');
    expect(fields('kubelet-config', KUBELET, context(patch))).toBe('same');
    const laid = stored({ kubernetesVersion: 'v1.33.0', etcd: { external: { endpoints: [] } } });
    const former = spec({ clusterConfiguration: { etcd: { external: { endpoints: ['x'] } } } });
    expect(fields('kubeadm-config', laid, context(spec(), [patch, former]))).toEqual(
      parse(stored()),
    );
  });

  test('loses what a former patch laid and none lays any more', () => {
    const former = spec({ kubeletConfiguration: { maxPods: 50, clusterDNS: ['10.96.0.11'] } });
    const text = stringify({
      ...parse(KUBELET),
      maxPods: 50,
      clusterDNS: ['10.96.0.10', '10.96.0.11'],
    });
    expect(fields('kubelet-config', text, context(spec(), [former]))).toEqual(parse(KUBELET));
  });

  test('is as civitas lays it again where a former patch said otherwise', () => {
    const former = spec({ kubeletConfiguration: { seccompDefault: false } });
    const text = stringify({ ...parse(KUBELET), seccompDefault: false });
    expect(fields('kubelet-config', text, context(spec(), [former]))).toEqual(parse(KUBELET));
  });

  test('loses arguments by their names', () => {
    const extraArgs = [{ name: 'v', value: '4' }];
    const former = spec({ clusterConfiguration: { scheduler: { extraArgs } } });
    const own = [{ name: 'profiling', value: 'false' }];
    const text = stored({ scheduler: { extraArgs: [...own, ...extraArgs] } });
    expect(fields('kubeadm-config', text, context(spec(), [former]))).toEqual(parse(stored()));
    expect(fields('kubeadm-config', text, context(former, [former]))).toBe('same');
  });

  test.each([
    ['is no YAML', 'a: [', 'kubelet-config'],
    ['is a list', '- a\n', 'kubelet-config'],
    ['is empty', '', 'kube-proxy'],
    ['is of another version of the API', 'apiVersion: kubeadm.k8s.io/v1beta3\n', 'kubeadm-config'],
  ] as const)('that %s is nothing to build upon', (_when, text, name) => {
    expect(wantedConfigMap(name, text, context())).toBe('unreadable');
  });
});

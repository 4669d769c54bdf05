import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { initConfig, joinConfig } from '../../src/controllers/kubeadm/config/kubeadm-config.ts';
import { durationMs, goDuration } from '../../src/simulation/go-duration.ts';
import { readConfiguration } from '../../src/simulation/kubeadm/configuration.ts';
import { readKubeconfig, writeKubeconfig } from '../../src/simulation/kubeconfig.ts';
import { nextPodCidr } from '../../src/simulation/rules/pod-cidrs.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';

describe('the simulation reads', () => {
  test.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['4m0s', 240_000],
    ['1h', 3_600_000],
    ['250ms', 250],
    ['1.5s', 1_500],
    ['5', undefined],
    ['soon', undefined],
  ])('the duration %s as %s ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test('durations that it writes as Go does', () => {
    expect([30_000, 60_000, 300_000].map(goDuration)).toEqual(['30s', '1m0s', '5m0s']);
  });

  test('kubeconfigs, its own and those that others wrote', () => {
    const server = 'https://127.0.0.1:7443';
    const own = { server, certificateAuthority: 'CA', user: 'u', token: 'abcdef.0123456789abcdef' };
    const cluster = { server, 'certificate-authority-data': btoa('CA') };
    const document = { clusters: [{ name: '', cluster }], users: [] };
    const foreign = { server, certificateAuthority: 'CA', user: '' };
    expect([
      readKubeconfig(writeKubeconfig(own)),
      readKubeconfig(stringify(document)),
      readKubeconfig(JSON.stringify(document)),
      readKubeconfig('kind: Config\n'),
      readKubeconfig(undefined),
    ]).toEqual([own, foreign, foreign, undefined, undefined]);
  });

  test.each([28, 30, 31, 33, 34])('what civitas writes for kubeadm 1.%s', (minor) => {
    const input = {
      hostname: 'n1',
      address: '10.88.0.1',
      clusterId: '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11',
      kubernetesVersion: { minor, patch: 0 },
      spec: clusterSpecSchema.parse({ kubernetesVersion: `v1.${minor}.0` }),
      cgroupDriver: 'systemd',
      knownNames: [],
    } as const;
    const version = `v1.${minor}.0`;
    const { init, cluster } = readConfiguration(initConfig(input), version);
    const { join } = readConfiguration(
      joinConfig('join-worker', 'abcdef.0123456789abcdef', input),
      version,
    );
    expect({
      name: [init.nodeRegistration.name, join?.nodeRegistration.name],
      nodeIp: init.nodeRegistration.kubeletExtraArgs,
      endpoint: cluster.controlPlaneEndpoint,
      profiling: cluster.scheduler.extraArgs['profiling'],
      token: join?.discovery.tlsBootstrapToken,
    }).toEqual({
      name: ['n1', 'n1'],
      nodeIp: { 'node-ip': '10.88.0.1' },
      endpoint: '127.0.0.1:7443',
      profiling: 'false',
      token: 'abcdef.0123456789abcdef',
    });
  });
});

describe('the simulated controller manager', () => {
  test.each([
    { subnet: '10.244.0.0/16', taken: [], cidr: '10.244.0.0/24' },
    { subnet: '10.244.0.0/16', taken: ['10.244.0.0/24', '10.244.2.0/24'], cidr: '10.244.1.0/24' },
    { subnet: '192.168.4.0/23', taken: ['192.168.4.0/24'], cidr: '192.168.5.0/24' },
    { subnet: '192.168.4.0/24', taken: ['192.168.4.0/24'], cidr: null },
  ])('gives $cidr of $subnet when $taken is taken', ({ subnet, taken, cidr }) => {
    expect(nextPodCidr(subnet, taken)).toBe(cidr);
  });
});

import { describe, expect, test } from '@jest/globals';
import { specProblems } from '../../src/state/spec-problems.ts';

const home = { expectedNodes: 3, hostNetworks: [] };

function problemsOf(kubeadm: Record<string, unknown>) {
  return specProblems({ kubernetesVersion: 'v1.34.4', kubeadm }, home);
}

function fieldsOf(kubeadm: Record<string, unknown>) {
  return problemsOf(kubeadm).map(({ field }) => field.replace('kubeadm.', ''));
}

describe('a patch of what kubeadm is told', () => {
  test.each([
    {
      what: 'arguments, names and volumes beside those that are there',
      kubeadm: {
        clusterConfiguration: {
          imageRepository: 'registry.example.org',
          networking: { dnsDomain: 'example.org' },
          apiServer: {
            certSANs: ['api.example.org'],
            extraArgs: [{ name: 'audit-log-maxage', value: '7' }],
            extraVolumes: [{ name: 'oidc', hostPath: '/etc/oidc', mountPath: '/etc/oidc' }],
          },
          controllerManager: { extraArgs: { 'bind-address': '0.0.0.0' } },
          etcd: { local: { extraArgs: [{ name: 'quota-backend-bytes', value: '8589934592' }] } },
          dns: { imageTag: 'v1.12.4' },
          featureGates: { NodeLocalCRISocket: true },
        },
        kubeletConfiguration: { maxPods: 50, authentication: { webhook: { cacheTTL: '5s' } } },
        kubeProxyConfiguration: { mode: 'nftables', clientConnection: { qps: 20 } },
      },
    },
    { what: 'nothing', kubeadm: {} },
    { what: 'no field of its own', kubeadm: { kubeletConfiguration: { seccompDefault: null } } },
  ])('says $what', ({ kubeadm }) => {
    expect(problemsOf(kubeadm)).toEqual([]);
  });

  test.each([
    { kubernetesVersion: 'v1.33.0' },
    { clusterName: 'harbour' },
    { controlPlaneEndpoint: '10.0.0.1:6443' },
    { certificatesDir: '/srv/pki' },
    { apiVersion: 'kubeadm.k8s.io/v1beta3' },
    { kind: 'InitConfiguration' },
  ])('of the cluster that says %j is refused', (clusterConfiguration) => {
    const [field] = Object.keys(clusterConfiguration);
    expect(fieldsOf({ clusterConfiguration })).toEqual([`clusterConfiguration.${field}`]);
  });

  test.each([
    [{ networking: { podSubnet: '10.1.0.0/16' } }, 'networking.podSubnet'],
    [{ networking: { serviceSubnet: '10.2.0.0/16' } }, 'networking.serviceSubnet'],
    [{ networking: { podSubnet: null } }, 'networking.podSubnet'],
    [{ networking: null }, 'networking'],
    [{ etcd: { external: { endpoints: ['https://10.0.0.9:2379'] } } }, 'etcd.external'],
    [{ etcd: { local: { dataDir: '/srv/etcd' } } }, 'etcd.local.dataDir'],
    [{ etcd: { local: { imageTag: '3.5.0-0' } } }, 'etcd.local.imageTag'],
    [{ etcd: 'none' }, 'etcd'],
    [{ apiServer: null }, 'apiServer'],
    [{ apiServer: { certSANs: null } }, 'apiServer.certSANs'],
    [{ apiServer: { extraArgs: null } }, 'apiServer.extraArgs'],
    [
      { apiServer: { extraArgs: [{ name: 'etcd-servers', value: 'https://10.0.0.9:2379' }] } },
      'apiServer.extraArgs.etcd-servers',
    ],
    [
      { apiServer: { extraArgs: [{ name: 'etcd_servers', value: 'https://10.0.0.9:2379' }] } },
      'apiServer.extraArgs.etcd_servers',
    ],
    [{ apiServer: { extraArgs: { 'secure-port': '8443' } } }, 'apiServer.extraArgs.secure-port'],
    [
      { apiServer: { extraVolumes: [{ name: 'encryption', hostPath: '/tmp' }] } },
      'apiServer.extraVolumes.encryption',
    ],
    [
      { controllerManager: { extraArgs: [{ name: 'cluster-cidr', value: '10.1.0.0/16' }] } },
      'controllerManager.extraArgs.cluster-cidr',
    ],
    [
      { etcd: { local: { extraArgs: [{ name: 'force-new-cluster', value: 'true' }] } } },
      'etcd.local.extraArgs.force-new-cluster',
    ],
  ])('of the cluster that says %j is refused for %s', (clusterConfiguration, field) => {
    expect(fieldsOf({ clusterConfiguration })).toEqual([`clusterConfiguration.${field}`]);
  });

  test.each([
    [{ staticPodPath: '/srv/manifests' }, 'staticPodPath'],
    [{ clusterDNS: ['10.1.0.10'] }, 'clusterDNS'],
    [{ clusterDomain: 'example.org' }, 'clusterDomain'],
    [{ cgroupDriver: 'cgroupfs' }, 'cgroupDriver'],
    [{ rotateCertificates: false }, 'rotateCertificates'],
    [{ authentication: { x509: { clientCAFile: '/tmp/ca' } } }, 'authentication.x509.clientCAFile'],
    [{ authentication: null }, 'authentication'],
  ])('of kubelets that says %j is refused for %s', (kubeletConfiguration, field) => {
    expect(fieldsOf({ kubeletConfiguration })).toEqual([`kubeletConfiguration.${field}`]);
  });

  test.each([
    [{ clusterCIDR: '10.1.0.0/16' }, 'clusterCIDR'],
    [{ clientConnection: { kubeconfig: '/tmp/admin' } }, 'clientConnection.kubeconfig'],
  ])('of kube-proxy that says %j is refused for %s', (kubeProxyConfiguration, field) => {
    expect(fieldsOf({ kubeProxyConfiguration })).toEqual([`kubeProxyConfiguration.${field}`]);
  });

  test('is refused in sentences that say what to write instead', () => {
    const clusterConfiguration = {
      kubernetesVersion: 'v1.33.0',
      networking: { podSubnet: '10.1.0.0/16' },
      apiServer: { certSANs: null, extraArgs: [{ name: 'etcd-servers', value: 'x' }] },
    };
    expect(problemsOf({ clusterConfiguration }).map(({ message }) => message)).toEqual([
      'kubeadm.clusterConfiguration.kubernetesVersion is not for people to set, as a release is brought to one node after the other: set kubernetesVersion.',
      'kubeadm.clusterConfiguration.networking.podSubnet is not for people to set, as routes are made for another field: set network.podSubnet, before the cluster is founded.',
      'kubeadm.clusterConfiguration.apiServer.certSANs is not for people to set, as that would take away what civitas sets there: say only what is to differ.',
      'kubeadm.clusterConfiguration.apiServer.extraArgs.etcd-servers is not for people to set, as civitas or kubeadm sets it for each control plane: leave it out.',
    ]);
  });
});

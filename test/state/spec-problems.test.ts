import { describe, expect, test } from '@jest/globals';
import { specProblems } from '../../src/state/spec-problems.ts';

const version = { kubernetesVersion: 'v1.34.4' };
const home = { expectedNodes: 3, hostNetworks: ['192.168.1.0/24', 'fd00::/64'] };

const network = (podSubnet: string, serviceSubnet = '10.96.0.0/16') => ({
  ...version,
  network: { podSubnet, serviceSubnet },
});

describe('specProblems', () => {
  test.each([
    { when: 'only the version is given', spec: version },
    { when: 'the oldest release is asked', spec: { kubernetesVersion: 'v1.28.0' } },
    { when: 'the newest release is asked', spec: { kubernetesVersion: 'v1.35.9' } },
    { when: 'a /22 has room for exactly three nodes', spec: network('10.244.0.0/22') },
    { when: 'the two subnets are neighbours', spec: network('10.96.0.0/16', '10.97.0.0/16') },
  ])('finds nothing when $when', ({ spec }) => {
    expect(specProblems(spec, home)).toEqual([]);
  });

  test.each([
    { when: 'the version is missing', spec: {}, field: 'kubernetesVersion', says: 'is wrong' },
    {
      when: 'the version is too old',
      spec: { kubernetesVersion: 'v1.27.9' },
      field: 'kubernetesVersion',
      says: 'choose from v1.28 to v1.35',
    },
    {
      when: 'the version is not out yet',
      spec: { kubernetesVersion: 'v1.36.0' },
      field: 'kubernetesVersion',
      says: 'choose from v1.28 to v1.35',
    },
    {
      when: 'the version is no version',
      spec: { kubernetesVersion: 'latest' },
      field: 'kubernetesVersion',
      says: 'must look like v1.34.4',
    },
    {
      when: 'the control planes are even',
      spec: { ...version, controlPlanes: 2 },
      field: 'controlPlanes',
      says: 'must be 1, 3, 5 or 7',
    },
    {
      when: 'the control planes are no number',
      spec: { ...version, controlPlanes: 'all' },
      field: 'controlPlanes',
      says: 'must be 1, 3, 5 or 7',
    },
    {
      when: 'more control planes than nodes are asked',
      spec: { ...version, controlPlanes: 5 },
      field: 'controlPlanes',
      says: 'only 3 nodes are expected',
    },
    {
      when: 'fewer serve than control planes',
      spec: { ...version, size: 2 },
      field: 'size',
      says: 'raise it to 3',
    },
    {
      when: 'a field is misspelt',
      spec: { ...version, controlPlane: 3 },
      field: 'controlPlane',
      says: 'check its spelling',
    },
    {
      when: 'a field within another is misspelt',
      spec: { ...version, network: { pods: 'x' } },
      field: 'network.pods',
      says: 'check its spelling',
    },
    {
      when: 'pods and services share addresses',
      spec: network('10.96.128.0/17'),
      field: 'network.podSubnet',
      says: 'overlaps network.serviceSubnet 10.96.0.0/16',
    },
    {
      when: 'pods take the addresses of hosts',
      spec: network('192.168.0.0/16'),
      field: 'network.podSubnet',
      says: "overlaps the host's network 192.168.1.0/24",
    },
    {
      when: 'services take the addresses of hosts',
      spec: network('10.244.0.0/16', '192.168.1.0/25'),
      field: 'network.serviceSubnet',
      says: "overlaps the host's network 192.168.1.0/24",
    },
    {
      when: 'there is no room for every node',
      spec: network('10.244.0.0/23'),
      field: 'network.podSubnet',
      says: 'make it a /22 or larger',
    },
    {
      when: 'not even one node fits',
      spec: network('10.244.0.0/26'),
      field: 'network.podSubnet',
      says: 'room for 0 nodes',
    },
    {
      when: 'a subnet is written with host bits',
      spec: network('10.244.7.0/16'),
      field: 'network.podSubnet',
      says: 'write 10.244.0.0/16',
    },
    {
      when: 'a subnet is no subnet',
      spec: network('10.244.0.0'),
      field: 'network.podSubnet',
      says: 'is wrong',
    },
    {
      when: 'kubeadm would refuse the services',
      spec: network('10.244.0.0/16', '11.0.0.0/8'),
      field: 'network.serviceSubnet',
      says: 'make it a /12 to /28',
    },
    { when: 'it is no object', spec: null, field: 'spec', says: 'is wrong' },
  ])('names field and cure when $when', ({ spec, field, says }) => {
    expect(specProblems(spec, home)).toEqual([{ field, message: expect.stringContaining(says) }]);
  });

  test('counts the nodes of a larger size, too', () => {
    const problems = specProblems({ ...network('10.244.0.0/22'), size: 100 }, home);
    expect(problems.map(({ message }) => message)).toEqual([
      'network.podSubnet is 10.244.0.0/22, room for 4 nodes of a /24 each, but 100 are expected: make it a /17 or larger.',
    ]);
  });

  test('tells all problems at once', () => {
    const spec = { ...network('10.96.0.0/16'), kubernetesVersion: 'v1.20.0', controlPlanes: 7 };
    expect(specProblems(spec, home).map(({ field }) => field)).toEqual([
      'controlPlanes',
      'kubernetesVersion',
      'network.podSubnet',
    ]);
  });
});

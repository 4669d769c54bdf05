import { describe, expect, test } from '@jest/globals';
import {
  controlPlaneManifests,
  controlPlaneRemains,
  hostResidue,
} from '../../src/state/host-residue.ts';

const empty = { kubernetes: [], manifests: [], pki: [], etcd: [], parked: [] };

describe('host residue', () => {
  test.each([
    { of: 'an empty host', listing: empty, residue: [] },
    {
      of: 'files that civitas itself keeps there',
      listing: {
        ...empty,
        kubernetes: ['civitas.json', 'encryption.yaml', 'audit-policy.yaml', 'manifests', 'pki'],
      },
      residue: [],
    },
    {
      of: 'a static pod of somebody else',
      listing: { ...empty, manifests: ['registry-mirror.yaml'] },
      residue: [],
    },
    {
      of: 'a control plane',
      listing: {
        kubernetes: ['admin.conf', 'kubelet.conf'],
        manifests: ['etcd.yaml', 'kube-apiserver.yaml'],
        pki: ['ca.crt', 'ca.key'],
        etcd: ['member'],
        parked: ['etcd.yaml'],
      },
      residue: [
        '/etc/kubernetes/admin.conf',
        '/etc/kubernetes/kubelet.conf',
        '/etc/kubernetes/manifests/etcd.yaml',
        '/etc/kubernetes/manifests/kube-apiserver.yaml',
        '/etc/kubernetes/pki/ca.crt',
        '/var/lib/etcd/member',
        '/etc/kubernetes/civitas-parked/etcd.yaml',
      ],
    },
  ])('of $of', ({ listing, residue }) => {
    expect(hostResidue(listing, 'join-worker')).toEqual(residue);
  });

  test('does not count keys that were handed over for a control-plane join', () => {
    const listing = { ...empty, pki: ['ca.crt', 'ca.key'] };
    expect(hostResidue(listing, 'join-control-plane')).toEqual([]);
    expect(hostResidue(listing, 'init')).toEqual(['/etc/kubernetes/pki/ca.crt']);
    expect(hostResidue(listing, undefined)).toEqual(['/etc/kubernetes/pki/ca.crt']);
  });
});

describe('what a control plane has and a worker has not', () => {
  const worker = { ...empty, kubernetes: ['civitas.json', 'kubelet.conf'], pki: ['ca.crt'] };
  const controlPlane = {
    kubernetes: ['admin.conf', 'civitas.json', 'encryption.yaml', 'kubelet.conf', 'scheduler.conf'],
    manifests: ['kube-apiserver.yaml', 'registry-mirror.yaml'],
    pki: ['apiserver.crt', 'ca.crt', 'ca.key', 'etcd'],
    etcd: ['member'],
    parked: ['etcd.yaml'],
  };

  test('are manifests, also those that are parked', () => {
    expect([controlPlaneManifests(worker), controlPlaneManifests(controlPlane)]).toEqual([
      [],
      ['/etc/kubernetes/manifests/kube-apiserver.yaml', '/etc/kubernetes/civitas-parked/etcd.yaml'],
    ]);
  });

  test('are credentials, all keys but the certificate of the cluster, and the data of etcd', () => {
    expect([controlPlaneRemains(worker), controlPlaneRemains(controlPlane)]).toEqual([
      [],
      [
        '/etc/kubernetes/admin.conf',
        '/etc/kubernetes/scheduler.conf',
        '/etc/kubernetes/encryption.yaml',
        '/etc/kubernetes/pki/apiserver.crt',
        '/etc/kubernetes/pki/ca.key',
        '/etc/kubernetes/pki/etcd',
        '/var/lib/etcd/member',
      ],
    ]);
  });
});

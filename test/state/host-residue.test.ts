import { describe, expect, test } from '@jest/globals';
import { hostResidue } from '../../src/state/host-residue.ts';

const empty = { kubernetes: [], manifests: [], pki: [], etcd: [] };

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
      },
      residue: [
        '/etc/kubernetes/admin.conf',
        '/etc/kubernetes/kubelet.conf',
        '/etc/kubernetes/manifests/etcd.yaml',
        '/etc/kubernetes/manifests/kube-apiserver.yaml',
        '/etc/kubernetes/pki/ca.crt',
        '/var/lib/etcd/member',
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

import { expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import { describeChange, specDifference } from '../../src/state/spec-difference.ts';
import { spec } from '../support/controllers-entries.ts';

test('two specs differ in fields with dotted paths, lists as a whole', () => {
  const before = spec({ size: 5 });
  const after = spec({
    controlPlanes: 5,
    zones: ['a', 'b'],
    kubeadm: { ...before.kubeadm, kubeletConfiguration: { maxPods: 200 } },
    replacement: { ...before.replacement, graceSeconds: 90 },
  });
  const changes = specDifference(before, after);
  expect(changes.map(describeChange)).toEqual([
    'controlPlanes: 3 → 5',
    'kubeadm.kubeletConfiguration.maxPods: (not set) → 200',
    'replacement.graceSeconds: 60 → 90',
    'size: 5 → (not set)',
    'zones: [] → ["a","b"]',
  ]);
});

test('an empty object that is filled, or emptied, is told by what is in it', () => {
  const empty = spec();
  const { kubeadm } = empty;
  const one = spec({ kubeadm: { ...kubeadm, clusterConfiguration: { apiServer: { a: 1 } } } });
  const none = spec({ kubeadm: { ...kubeadm, clusterConfiguration: { apiServer: {} } } });
  const told = (before: ClusterSpec, after: ClusterSpec) =>
    specDifference(before, after).map(describeChange);
  expect([told(empty, one), told(one, empty), told(empty, none), told(none, one)]).toEqual([
    ['kubeadm.clusterConfiguration.apiServer.a: (not set) → 1'],
    ['kubeadm.clusterConfiguration.apiServer.a: 1 → (not set)'],
    ['kubeadm.clusterConfiguration.apiServer: (not set) → {}'],
    ['kubeadm.clusterConfiguration.apiServer.a: (not set) → 1'],
  ]);
});

test('equal specs do not differ, in whatever order their fields stand', () => {
  const { network, ...rest } = spec();
  expect(specDifference(spec(), { network, ...rest })).toEqual([]);
});

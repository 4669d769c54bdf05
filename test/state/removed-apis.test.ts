import { expect, test } from '@jest/globals';
import { apisRemovedBetween } from '../../src/state/removed-apis.ts';

const named = (fromMinor: number, toMinor: number) =>
  apisRemovedBetween(fromMinor, toMinor).map(
    ({ group, version, resource }) => `${resource}.${version}.${group}`,
  );

test.each<readonly [number, number, readonly string[]]>([
  [34, 34, []],
  [35, 36, []],
  [34, 35, ['volumeattributesclasses.v1alpha1.storage.k8s.io']],
  [
    33,
    34,
    [
      'validatingadmissionpolicies.v1beta1.admissionregistration.k8s.io',
      'validatingadmissionpolicybindings.v1beta1.admissionregistration.k8s.io',
      'deviceclasses.v1alpha3.resource.k8s.io',
      'resourceclaims.v1alpha3.resource.k8s.io',
      'resourceclaimtemplates.v1alpha3.resource.k8s.io',
      'resourceslices.v1alpha3.resource.k8s.io',
    ],
  ],
  [
    36,
    37,
    [
      'clustertrustbundles.v1alpha1.certificates.k8s.io',
      'ipaddresses.v1beta1.networking.k8s.io',
      'servicecidrs.v1beta1.networking.k8s.io',
      'volumeattributesclasses.v1beta1.storage.k8s.io',
    ],
  ],
])('from 1.%d to 1.%d Kubernetes takes these APIs away', (fromMinor, toMinor, apis) => {
  expect(named(fromMinor, toMinor)).toEqual(apis);
});

test('nothing is looked for by the version that goes, as that would count as a use of it', () => {
  const all = apisRemovedBetween(0, 99);
  expect(all.filter(({ version, through }) => version === through)).toEqual([]);
});

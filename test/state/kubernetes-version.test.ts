import { describe, expect, test } from '@jest/globals';
import {
  compareKubernetesVersions,
  mayKubeletServe,
  parseKubernetesVersion,
} from '../../src/state/kubernetes-version.ts';

const at = (minor: number, patch = 0) => ({ minor, patch });

describe('kubernetes version', () => {
  test.each([
    { text: 'v1.34.4', version: at(34, 4) },
    { text: 'v1.28.0', version: at(28, 0) },
    { text: '1.34.4', version: undefined },
    { text: 'v1.34', version: undefined },
    { text: 'v2.0.0', version: undefined },
    { text: 'v1.34.4-rc.1', version: undefined },
    { text: '', version: undefined },
  ])('reads "$text"', ({ text, version }) => {
    expect(parseKubernetesVersion(text)).toEqual(version);
  });

  test('sorts minors before patches, as numbers', () => {
    const versions = [at(34, 4), at(9, 12), at(34, 10), at(33, 13)];
    expect(versions.toSorted(compareKubernetesVersions)).toEqual([
      at(9, 12),
      at(33, 13),
      at(34, 4),
      at(34, 10),
    ]);
  });

  test.each([
    { kubelet: at(34, 9), apiServer: at(34, 0), may: true },
    { kubelet: at(31), apiServer: at(34), may: true },
    { kubelet: at(30), apiServer: at(34), may: false },
    { kubelet: at(35), apiServer: at(34), may: false },
  ])('kubelet $kubelet.minor under API server $apiServer.minor: $may', (row) => {
    expect(mayKubeletServe(row.kubelet, row.apiServer)).toBe(row.may);
  });
});

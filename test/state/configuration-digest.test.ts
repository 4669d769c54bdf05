import { describe, expect, test } from '@jest/globals';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import { configurationDigest } from '../../src/state/configuration-digest.ts';

function digests(kubeadm: Record<string, unknown>): readonly string[] {
  const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', kubeadm });
  return [
    configurationDigest(spec.kubeadm, 'control-plane'),
    configurationDigest(spec.kubeadm, 'worker'),
  ];
}

const [CONTROL_PLANE, WORKER] = digests({});

describe('the digest of a configuration', () => {
  test('is 64 hexadecimal digits', () => {
    expect(CONTROL_PLANE).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['clusterConfiguration', { scheduler: { extraArgs: [] } }, [true, false]],
    ['kubeletConfiguration', { maxPods: 50 }, [true, true]],
    ['kubeProxyConfiguration', { mode: 'nftables' }, [true, true]],
    ['ignorePreflightErrors', ['Swap'], [false, false]],
  ])('an edit of %s is one for those that take it up', (part, value, expected) => {
    const [controlPlane, worker] = digests({ [part]: value });
    expect([controlPlane !== CONTROL_PLANE, worker !== WORKER]).toEqual(expected);
  });

  test('the order in which people wrote it is of no account', () => {
    const one = digests({ kubeletConfiguration: { maxPods: 50, podPidsLimit: 100 } });
    expect(digests({ kubeletConfiguration: { podPidsLimit: 100, maxPods: 50 } })).toEqual(one);
  });
});

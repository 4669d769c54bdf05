import { describe, expect, jest, test } from '@jest/globals';
import { type Handover, handoverBundleSchema } from '../../../src/state/handover.ts';
import { untilAllServe, withCluster } from '../../support/kubeadm-cluster.ts';
import { createKubeadmNodes, type KubeadmNodes } from '../../support/kubeadm-nodes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(60_000);

const FIFTEEN_MINUTES_MS = 900_000;

/** What was handed over for a join, and when. */
function witnessHandovers({ log, clock }: KubeadmNodes) {
  const seen: { readonly entry: Handover; readonly atWallMs: number }[] = [];
  log.onChange((kind, key) => {
    const entry = kind === 'handover' ? log.get(kind, key)?.value : undefined;
    if (entry) seen.push({ entry, atWallMs: clock.wallMs() });
  });
  return seen;
}

describe('handover', () => {
  test('gives a control plane the shared keys and a worker none, each sealed to it alone', async () => {
    const cluster = createKubeadmNodes(3);
    for (let count = 0; count < 3; count += 1) await cluster.addNode();
    const seen = witnessHandovers(cluster);
    await withCluster(cluster, 2, () => untilAllServe(cluster));

    const handedOver = seen.map(({ entry, atWallMs }) => {
      const { nodeId, sealed, expiresWallMs, tokenId } = entry;
      const bundle = handoverBundleSchema.parse(JSON.parse(atob(sealed.ciphertext)));
      expect(bundle.bootstrapToken.startsWith(`${tokenId}.`)).toBe(true);
      expect(expiresWallMs - atWallMs).toBeLessThanOrEqual(FIFTEEN_MINUTES_MS);
      return { nodeId, to: sealed.ephemeralKey, files: bundle.files.map(({ path }) => path) };
    });
    expect(handedOver).toEqual([
      {
        nodeId: 'bbbbbbbbbbb',
        to: 'key-of-n2',
        files: [
          '/etc/kubernetes/pki/ca.crt',
          '/etc/kubernetes/pki/ca.key',
          '/etc/kubernetes/pki/sa.pub',
          '/etc/kubernetes/pki/sa.key',
          '/etc/kubernetes/pki/front-proxy-ca.crt',
          '/etc/kubernetes/pki/front-proxy-ca.key',
          '/etc/kubernetes/pki/etcd/ca.crt',
          '/etc/kubernetes/pki/etcd/ca.key',
          '/etc/kubernetes/encryption.yaml',
          '/etc/kubernetes/audit-policy.yaml',
        ],
      },
      { nodeId: 'ccccccccccc', to: 'key-of-n3', files: [] },
    ]);
  });

  test('makes no token for a host that is not ready to join', async () => {
    const cluster = createKubeadmNodes(4);
    await cluster.addNode();
    await cluster.addNode({ lacks: ['containerd'] });
    const seen = witnessHandovers(cluster);
    await withCluster(cluster, 1, async () => {
      await cluster.clock.advance(FIFTEEN_MINUTES_MS);
    });

    expect(seen).toEqual([]);
    expect(cluster.log.get('status', 'bbbbbbbbbbb')?.value).toMatchObject({
      phase: 'preparing',
      waiting: {
        reason: 'host-not-ready',
        message: 'containerd is not installed on n2: install the package containerd',
      },
    });
  });
});

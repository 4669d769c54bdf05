import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import {
  changes,
  secretsOf,
  started,
  tokensOf,
  untilAllServe,
  withCluster,
} from '../../support/kubeadm-cluster.ts';
import { createKubeadmNodes, type Death } from '../../support/kubeadm-nodes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(60_000);

const ONE_MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 300_000;

describe('hosts on their way to Kubernetes', () => {
  test('five empty hosts become three control planes and two workers, and then nothing moves', async () => {
    const cluster = createKubeadmNodes(1);
    for (let count = 0; count < 5; count += 1) await cluster.addNode();

    await withCluster(cluster, 3, async () => {
      await untilAllServe(cluster);
      await cluster.clock.advance(FIVE_MINUTES_MS);

      expect(started(cluster, 'kubeadm init')).toEqual(['n1']);
      expect(started(cluster, 'kubeadm join').toSorted()).toEqual(['n2', 'n3', 'n4', 'n5']);
      expect(started(cluster, 'kubeadm reset')).toEqual([]);
      expect(tokensOf(cluster)).toEqual([]);
      expect(cluster.log.list('handover')).toEqual([]);
      expect(await secretsOf(cluster)).toEqual([]);

      const before = changes(cluster);
      await cluster.clock.advance(2 * FIVE_MINUTES_MS);
      expect(changes(cluster)).toBe(before);
    });
  });

  test('an agent that dies in any of its actions still runs one init and brings every host there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 5, max: 40 }), async (seed, percent) => {
        const faults = { rate: percent / 100 };
        const cluster = createKubeadmNodes(seed, dying(seed, faults));
        for (let count = 0; count < 4; count += 1) await cluster.addNode();
        await withCluster(cluster, 3, async () => {
          await untilAllServe(cluster);
          faults.rate = 0;
          await cluster.clock.advance(ONE_MINUTE_MS);
        });
        expect(started(cluster, 'kubeadm init')).toEqual(['n1']);
        expect(tokensOf(cluster)).toEqual([]);
        expect(cluster.log.list('handover')).toEqual([]);
        expect(await secretsOf(cluster)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

function dying(seed: number, faults: { readonly rate: number }): Death {
  const random = createSeededRandom(seed ^ 0x5eed);
  return () => {
    const draw = random.number();
    if (draw >= faults.rate) return undefined;
    return draw < faults.rate / 2 ? 'before' : 'after';
  };
}

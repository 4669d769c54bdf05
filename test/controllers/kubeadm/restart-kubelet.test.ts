import { describe, expect, jest, test } from '@jest/globals';
import { untilAllServe, withCluster } from '../../support/kubeadm-cluster.ts';
import { createKubeadmNodes, type Death, type KubeadmNodes } from '../../support/kubeadm-nodes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(60_000);

const TEN_MINUTES_MS = 600_000;
const LATE_MS = 5_500;

/** Three control planes; each that joins gets its member into etcd only `lateMs` after it asked. */
async function joinLate(lateMs: number, death?: (cluster: KubeadmNodes) => Death) {
  const agents: { die?: Death } = {};
  const cluster = createKubeadmNodes(5, () => agents.die?.());
  if (death) agents.die = death(cluster);
  for (let count = 0; count < 3; count += 1) await cluster.addNode();
  if (lateMs > 0) delayEtcd(cluster, lateMs);
  await withCluster(cluster, 3, async () => {
    await untilAllServe(cluster);
    await cluster.clock.advance(TEN_MINUTES_MS);
  });
  return cluster;
}

function delayEtcd({ world, clock }: KubeadmNodes, lateMs: number): void {
  world.onChange(({ host, event, detail }) => {
    if (event !== 'phase.started' || !detail.endsWith(' etcd-join')) return;
    void clock.sleep(1).then(() => world.cut('n1', host));
    void clock.sleep(lateMs).then(() => world.heal());
  });
}

function restartsOf({ world }: KubeadmNodes): readonly string[] {
  return world.state.journal
    .filter(({ event, detail }) => event === 'service.changed' && detail === 'restart kubelet')
    .map(({ host }) => host);
}

/** How long each join of a control plane took, in whole seconds. */
function joinSeconds({ world }: KubeadmNodes): readonly number[] {
  const atMs = (event: string, words: string) =>
    world.state.journal.filter((entry) => entry.event === event && entry.detail.includes(words));
  const ends = atMs('operation.ended', 'join');
  return atMs('operation.started', 'kubeadm join').map((start) => {
    const end = ends.find(({ host }) => host === start.host);
    return Math.round(((end?.atMs ?? Number.NaN) - start.atMs) / 1_000);
  });
}

describe('the kubelet of a joining control plane', () => {
  test('is left alone where its API server answers soon', async () => {
    expect(restartsOf(await joinLate(0))).toEqual([]);
  });

  test('is restarted once for each join where its API server answers late, which then takes 14 s, not 17', async () => {
    const cluster = await joinLate(LATE_MS);
    expect(restartsOf(cluster).toSorted()).toEqual(['n2', 'n3']);
    for (const seconds of joinSeconds(cluster)) expect(seconds).toBeLessThanOrEqual(14);
  });

  test('is not restarted again by an agent that forgot that it did', async () => {
    let died = 0;
    const cluster = await joinLate(LATE_MS, (nodes) => () => {
      if (restartsOf(nodes).length <= died) return undefined;
      died += 1;
      return 'before';
    });
    expect({ died, restarts: restartsOf(cluster).toSorted() }).toEqual({
      died: 2,
      restarts: ['n2', 'n3'],
    });
  });
});

import { describe, expect, jest, test } from '@jest/globals';
import {
  secretsOf,
  started,
  tokensOf,
  untilAllServe,
  withCluster,
} from '../../support/kubeadm-cluster.ts';
import { createKubeadmNodes, type KubeadmNodes } from '../../support/kubeadm-nodes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(60_000);

const ONE_MINUTE_MS = 60_000;
const HALF_AN_HOUR_MS = 1_800_000;
const SEED = 7;

async function nodes(count: number): Promise<KubeadmNodes> {
  const cluster = createKubeadmNodes(SEED);
  for (let added = 0; added < count; added += 1) await cluster.addNode();
  return cluster;
}

/** Cuts the power of n1 as soon as kubeadm comes to a phase; it is back ten seconds later. */
function cutPowerAt({ world, clock }: KubeadmNodes, phase: string, unsynced: 'kept' | 'lost') {
  const stop = world.onChange(({ event, detail }) => {
    if (event !== 'phase.started' || !detail.endsWith(` ${phase}`)) return;
    stop();
    void clock.sleep(1).then(async () => {
      world.powerOff('n1', { unsynced });
      await clock.sleep(10_000);
      world.boot('n1');
    });
  });
}

function livingClusters({ world }: KubeadmNodes): number {
  return new Set([...world.state.hosts.values()].map(({ runtime }) => runtime?.etcd?.clusterId))
    .size;
}

function members({ world }: KubeadmNodes) {
  const clusters = [...world.state.clusters.values()];
  return clusters.at(-1)?.etcd.members.map(({ name, learner }) => ({ name, learner }));
}

/** Starts of init, and each time its operation was found clean after a failure, as they happen. */
function witnessInit({ world, log }: KubeadmNodes): readonly string[] {
  const marks: string[] = [];
  world.onChange(({ event, detail }) => {
    if (event === 'operation.started' && detail.includes('kubeadm init')) marks.push('started');
  });
  log.onChange((kind, key) => {
    const snapshot = kind === 'operation' ? log.get(kind, key)?.value.snapshot : undefined;
    if (key === 'init' && snapshot?.value === 'intended') marks.push('clean');
  });
  return marks;
}

const INIT_PHASES = [
  'preflight',
  'certs',
  'kubeconfig',
  'etcd',
  'control-plane',
  'kubelet-start',
  'wait-control-plane',
  'upload-config',
  'mark-control-plane',
  'bootstrap-token',
  'addon/kube-proxy',
];

describe('a host whose kubeadm is in trouble', () => {
  test.each(
    INIT_PHASES.flatMap((phase) => [
      { phase, unsynced: 'kept' as const },
      { phase, unsynced: 'lost' as const },
    ]),
  )('founds one cluster though the power failed at $phase, files $unsynced', async (row) => {
    const cluster = await nodes(2);
    cutPowerAt(cluster, row.phase, row.unsynced);
    const marks = witnessInit(cluster);
    await withCluster(cluster, 1, () => untilAllServe(cluster));

    expect(cluster.world.state.journal.map(({ event }) => event)).toContain('power.cut');
    expect(marks).toEqual(['clean', 'started', 'clean', 'started']);
    expect(members(cluster)).toEqual([{ name: 'n1', learner: false }]);
    expect(await secretsOf(cluster)).toEqual([]);
  });

  test('serves after one init when kubeadm fails although all was done', async () => {
    const cluster = await nodes(1);
    const failure = { phase: 'addon/kube-proxy', text: 'timed out', when: 'after' } as const;
    cluster.world.failNext('n1', failure);
    await withCluster(cluster, 1, () => untilAllServe(cluster));

    expect(started(cluster, 'kubeadm init')).toEqual(['n1']);
    expect(started(cluster, 'kubeadm reset')).toEqual([]);
  });

  test('joins as a control plane at the second attempt, and leaves no member behind', async () => {
    const cluster = await nodes(3);
    cluster.world.failNext('n3', { phase: 'etcd-join', text: 'no sync', when: 'after' });
    await withCluster(cluster, 3, async () => {
      await untilAllServe(cluster);
      await cluster.clock.advance(ONE_MINUTE_MS);
    });

    expect(started(cluster, 'kubeadm reset')).toContain('n3');
    expect(members(cluster)).toEqual(['n1', 'n2', 'n3'].map((name) => ({ name, learner: false })));
    expect(livingClusters(cluster)).toBe(1);
    expect(tokensOf(cluster)).toEqual([]);
  });

  test('gives up after five attempts, says why, and keeps neither keys nor token', async () => {
    const cluster = await nodes(2);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      cluster.world.failNext('n2', { phase: 'kubelet-start', text: 'disk on fire' });
    }
    await withCluster(cluster, 2, async () => {
      await cluster.clock.advance(HALF_AN_HOUR_MS);
    });

    const status = cluster.log.get('status', 'bbbbbbbbbbb')?.value;
    expect(status).toMatchObject({ phase: 'failed', waiting: { reason: 'kubeadm-gave-up' } });
    expect(status?.waiting?.message).toContain('disk on fire');
    expect(started(cluster, 'kubeadm join')).toHaveLength(5);
    expect(tokensOf(cluster)).toEqual([]);
    const files = cluster.nodes[1]?.ports.files;
    expect(await files?.list('/etc/kubernetes')).toEqual(['manifests', 'pki']);
    expect(await files?.list('/etc/kubernetes/pki')).toEqual([]);
  });

  test('gives up after as many attempts as the spec allows', async () => {
    const cluster = await nodes(2);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      cluster.world.failNext('n2', { phase: 'kubelet-start', text: 'disk on fire' });
    }
    await withCluster(cluster, 2, async () => {
      const entry = cluster.log.get('spec', 'current');
      if (!entry) throw new Error('there is no spec');
      const replacement = { ...entry.value.replacement, retry: { attempts: 2, afterSeconds: 60 } };
      await cluster.log.put('spec', 'current', { ...entry.value, replacement }, entry.revision);
      await cluster.clock.advance(HALF_AN_HOUR_MS);
    });
    const status = cluster.log.get('status', 'bbbbbbbbbbb')?.value;
    expect(status).toMatchObject({ phase: 'failed', waiting: { reason: 'kubeadm-gave-up' } });
    expect(started(cluster, 'kubeadm join')).toHaveLength(2);
  });

  test('never resets a Kubernetes that somebody else put there', async () => {
    const cluster = await nodes(2);
    await cluster.nodes[1]?.ports.files.write('/etc/kubernetes/kubelet.conf', 'theirs', 0o600);
    await withCluster(cluster, 1, async () => {
      await cluster.clock.advance(HALF_AN_HOUR_MS);
    });

    expect(cluster.log.get('status', 'bbbbbbbbbbb')?.value).toMatchObject({
      phase: 'preparing',
      waiting: { reason: 'foreign-kubernetes' },
    });
    expect(started(cluster, 'kubeadm reset')).toEqual([]);
    expect(await cluster.nodes[1]?.ports.files.read('/etc/kubernetes/kubelet.conf')).toBe('theirs');
  });

  test('starts nothing when the power of all hosts failed and is back', async () => {
    const cluster = await nodes(4);
    await withCluster(cluster, 3, async () => {
      await untilAllServe(cluster);
      await cluster.clock.advance(ONE_MINUTE_MS);
      const before = { entries: entries(cluster), started: started(cluster, 'kubeadm') };

      for (const { ports } of cluster.nodes) cluster.world.powerOff(ports.self.record.hostname);
      await cluster.clock.advance(10_000);
      for (const { ports } of cluster.nodes) cluster.world.boot(ports.self.record.hostname);
      await cluster.clock.advance(HALF_AN_HOUR_MS);

      expect({ entries: entries(cluster), started: started(cluster, 'kubeadm') }).toEqual(before);
    });
  });
});

/** Everything these controllers ever wrote, as it stands now. */
function entries({ log }: KubeadmNodes) {
  return [...log.list('operation'), ...log.list('status'), ...log.list('handover')];
}

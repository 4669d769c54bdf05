import { describe, expect, jest, test } from '@jest/globals';
import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import {
  AUDIT_POLICY_FILE,
  ENCRYPTION_FILE,
  MARKER_FILE,
} from '../../../src/state/kubernetes-paths.ts';
import { NO_PARTS } from '../../../src/state/upkeep.ts';
import { id, spec } from '../../support/controllers-entries.ts';
import { patchedKubeadm } from '../../support/fleet-orders.ts';
import {
  isOver,
  OLD,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(240_000);

const ONE_HOUR_MS = 3_600_000;
const CLUSTER = '5d1f0a4e-0000-4000-8000-000000000000';
const MANIFESTS = '/etc/kubernetes/manifests';
/** Founded with `controlPlaneComponentHealthCheck: 90s`, which only `init` and `join` are told. */
const OF_THE_FOUNDING = 'failureThreshold: 9';
const OF_UPGRADES = 'failureThreshold: 24';

const BEFORE = patchedKubeadm({});
const KUBELETS = patchedKubeadm({ kubeletConfiguration: { maxPods: 120 } });
const SERVERS = patchedKubeadm({
  clusterConfiguration: { apiServer: { extraArgs: [{ name: 'audit-log-maxage', value: '7' }] } },
});

/** People edited the spec, and n2 says what it was brought to before; or something nobody knows. */
async function edited(upkeep: UpkeepBench, kubeadm: typeof BEFORE, known = true): Promise<void> {
  const { store, bench } = upkeep;
  const former = spec({ kubernetesVersion: OLD, kubeadm: BEFORE });
  await store.set('edition', '1', { revision: 1, spec: former, replacedWallMs: 0 });
  await store.set('spec', SINGLETON, { ...former, kubeadm });
  await store.set('upkeep', id(2), {
    nodeId: id(2),
    incarnation: 1,
    parts: { ...NO_PARTS, kubelet: OLD },
    prepared: [],
    configurationDigest: known ? configurationDigest(BEFORE, 'control-plane') : 'f'.repeat(64),
    work: null,
  });
  const marker = { clusterId: CLUSTER, nodeId: id(2), incarnation: 1, operationId: 'join-2' };
  const { files } = bench.host(1).ports;
  await files.write(MARKER_FILE, JSON.stringify(marker), 0o600);
  for (const path of [ENCRYPTION_FILE, AUDIT_POLICY_FILE]) await files.write(path, '{}', 0o600);
}

async function manifestsOf({ bench }: UpkeepBench): Promise<readonly (string | undefined)[]> {
  const { files } = bench.host(1).ports;
  const names = await files.list(MANIFESTS);
  return Promise.all(names.map((name) => files.read(`${MANIFESTS}/${name}`)));
}

function mirrorPods({ bench }: UpkeepBench): readonly string[] {
  const pods = [...bench.world.state.clusters.values()].flatMap((each) => [...each.pods.values()]);
  return pods.filter(({ name }) => name.endsWith('-n2')).map(({ uid }) => uid);
}

interface Given extends Pick<UpkeepAgentOptions, 'alter'> {
  /** Whether it is known what n2 was brought to before. */
  readonly known?: boolean;
}

/** What n2, beside another control plane, did for the edit, and how long it took. */
async function reconfigured(kubeadm: typeof BEFORE, { known, ...options }: Given = {}) {
  const upkeep = await upkeepBench(3, 2);
  const { bench } = upkeep;
  await edited(upkeep, kubeadm, known);
  const [manifests, pods] = [await manifestsOf(upkeep), mirrorPods(upkeep)];
  expect(manifests.map((text) => text?.includes(OF_THE_FOUNDING))).toEqual(Array(4).fill(true));
  const { journal } = bench.world.state;
  const from = journal.length;
  const startedMs = bench.clock.nowMs();
  await upkeep.order(2, 'reconfigure', { first: true, kubernetesVersion: OLD });
  await upkeep.agent(2, options).work(() => isOver(upkeep, 2), ONE_HOUR_MS);
  const own = journal.slice(from).filter(({ host }) => host === 'n2');
  const after = await manifestsOf(upkeep);
  return {
    state: workOn(upkeep, 2)?.reason ?? workOn(upkeep, 2)?.state,
    swappedByKubeadm: own.filter(({ event }) => event === 'manifest.swapped').length,
    seconds: Math.round((bench.clock.nowMs() - startedMs) / 1_000),
    sameManifests: JSON.stringify(after) === JSON.stringify(manifests),
    samePods: mirrorPods(upkeep).filter((uid) => pods.includes(uid)).length,
    asUpgradesMakeThem: after.filter((text) => text?.includes(OF_UPGRADES)).length,
    kubelet: await bench.host(1).ports.files.read('/var/lib/kubelet/config.yaml'),
    left: await bench.host(1).ports.files.list('/etc/kubernetes/civitas-upgrade'),
  };
}

/** A kubelet that says of no pod that it is Ready in its first eight seconds. */
function probedLate(answers: boolean): NonNullable<UpkeepAgentOptions['alter']> {
  return ({ kube, host }) => ({
    kube: {
      ...kube,
      localComponentHealthy: async () => answers,
      async podsOn(node) {
        const isFresh = ((await host.kubeletRunsForMs()) ?? 0) < 8_000;
        return (await kube.podsOn(node)).map((pod) => (isFresh ? { ...pod, ready: false } : pod));
      },
    },
  });
}

describe('a control plane whose manifests are not as kubeadm upgrade makes them', () => {
  test('keeps them, and its static pods, where only the kubelet is configured anew', async () => {
    const { seconds, kubelet, ...rest } = await reconfigured(KUBELETS);
    expect(rest).toEqual({
      state: 'done',
      swappedByKubeadm: 0,
      sameManifests: true,
      samePods: 4,
      asUpgradesMakeThem: 0,
      left: [],
    });
    expect(kubelet).toContain('maxPods: 120');
    expect(seconds).toBeLessThanOrEqual(20);
  });

  test.each([
    { when: 'its API server is configured anew', kubeadm: SERVERS, known: true },
    { when: 'nobody knows what it was brought to', kubeadm: KUBELETS, known: false },
  ])('has all of them swapped at once where $when', async ({ kubeadm, known }) => {
    const { seconds, kubelet, ...rest } = await reconfigured(kubeadm, { known });
    expect(rest).toEqual({
      state: 'done',
      swappedByKubeadm: 0,
      sameManifests: false,
      samePods: 0,
      asUpgradesMakeThem: 4,
      left: [],
    });
    expect(kubelet).not.toBe('');
    expect(seconds).toBeLessThanOrEqual(80);
  });

  test('is put back where no controller manager of the cluster leads any more', async () => {
    const { state, sameManifests, kubelet } = await reconfigured(KUBELETS, {
      alter: ({ kube }) => ({ kube: { ...kube, controllerManagerRenewedWallMs: async () => 1 } }),
    });
    expect(state).toContain('no controller manager of the cluster leads');
    expect({ sameManifests, isBack: !kubelet?.includes('maxPods: 120') }).toEqual({
      sameManifests: true,
      isBack: true,
    });
  });

  test('is watched while its kubelet has yet to probe what runs, if that answers by itself', async () => {
    const slow = await reconfigured(KUBELETS, { alter: probedLate(true) });
    expect({ state: slow.state, samePods: slow.samePods }).toEqual({ state: 'done', samePods: 4 });
    expect(slow.seconds).toBeLessThanOrEqual(20);
    const mute = await reconfigured(KUBELETS, { alter: probedLate(false) });
    expect(mute.state).toBe('done');
    expect(mute.seconds).toBeGreaterThanOrEqual(slow.seconds + 5);
  });
});

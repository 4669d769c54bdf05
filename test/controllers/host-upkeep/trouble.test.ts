import { describe, expect, test } from '@jest/globals';
import type { ControlPlaneSight } from '../../../src/controllers/host-upkeep/observed.ts';
import {
  firstTrouble,
  firstUntold,
  type Proof,
  serversTrouble,
  startsPodsAnew,
} from '../../../src/controllers/host-upkeep/trouble.ts';

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';

function component(name: string, image: string, uid = `${name}-new`) {
  return { name, image, pod: { uid, ready: true, images: [image] }, answers: true };
}

const API_SERVER = component('kube-apiserver', `registry.k8s.io/kube-apiserver:${NEW}`);
const ETCD = component('etcd', 'registry.k8s.io/etcd:3.6.5-0');
const REST = ['kube-controller-manager', 'kube-scheduler'].map((name) =>
  component(name, `registry.k8s.io/${name}:${NEW}`),
);

const WHOLE: ControlPlaneSight = {
  apiServer: NEW,
  etcd: { version: '3.6.5', hasLeader: true, errors: [] },
  leaderlessForMs: 2_000,
  components: [ETCD, API_SERVER, ...REST],
};

const PROOF: Proof = {
  apiServer: NEW,
  kubelet: NEW,
  controlPlane: WHOLE,
  node: {
    name: 'n1',
    uid: 'u',
    ready: true,
    controlPlane: true,
    kubeletVersion: NEW,
    podCidr: null,
    internalIp: null,
  },
  kubeletRunsForMs: 5_000,
  watchedForMs: 5_000,
  keptPods: [],
  formerPods: ['etcd-old'],
};

function withControlPlane(change: Partial<ControlPlaneSight>): Partial<Proof> {
  return { controlPlane: { ...WHOLE, ...change } };
}

function withNode(change: Partial<NonNullable<Proof['node']>>): Partial<Proof> {
  return { node: PROOF.node && { ...PROOF.node, ...change } };
}

function withUnready(kept: boolean, answers: boolean): Proof {
  const etcd = { ...ETCD, answers, pod: { ...ETCD.pod, ready: false } };
  const keptPods = kept ? [etcd.pod.uid] : [];
  const change = withControlPlane({ components: [etcd, API_SERVER, ...REST] });
  return { ...PROOF, ...change, keptPods };
}

describe('a host that was brought to a release', () => {
  test('is in no trouble when all of it runs', () => {
    expect(firstTrouble(PROOF)).toBeNull();
  });

  test.each<{ readonly when: string; readonly change: Partial<Proof>; readonly says: string }>([
    {
      when: 'a manifest is of before',
      change: { apiServer: 'v1.34.5' },
      says: 'the manifest of kube-apiserver does not name v1.34.5',
    },
    {
      when: 'its API server is silent',
      change: withControlPlane({ apiServer: undefined }),
      says: 'its API server does not answer /readyz',
    },
    {
      when: 'its API server is of before',
      change: withControlPlane({ apiServer: OLD }),
      says: `its API server is ${OLD} and not yet ${NEW}`,
    },
    {
      when: 'its etcd is silent',
      change: withControlPlane({ etcd: undefined }),
      says: 'its member of etcd does not answer',
    },
    {
      when: 'its etcd is of before',
      change: withControlPlane({ etcd: { version: '3.5.24', hasLeader: true, errors: [] } }),
      says: 'its member of etcd is 3.5.24 and not yet 3.6.5',
    },
    {
      when: 'its etcd follows nobody',
      change: withControlPlane({ etcd: { version: '3.6.5', hasLeader: false, errors: [] } }),
      says: 'its member of etcd knows of no leader',
    },
    {
      when: 'its etcd complains',
      change: withControlPlane({ etcd: { version: '3.6.5', hasLeader: true, errors: ['full '] } }),
      says: 'its member of etcd says: full',
    },
    {
      when: 'no controller manager leads any more',
      change: withControlPlane({ leaderlessForMs: 6_000 }),
      says: 'no controller manager of the cluster leads',
    },
    {
      when: 'nobody tells of it',
      change: { node: undefined },
      says: 'no API server tells of its Node',
    },
    { when: 'it is not Ready', change: withNode({ ready: false }), says: 'its Node is not Ready' },
    {
      when: 'its kubelet is of before',
      change: withNode({ kubeletVersion: OLD }),
      says: `its kubelet is ${OLD} and not yet ${NEW}`,
    },
    {
      when: 'its kubelet was started between two looks',
      change: { kubeletRunsForMs: 4_999 },
      says: 'its kubelet was started anew',
    },
    {
      when: 'its kubelet does not run',
      change: { kubeletRunsForMs: undefined },
      says: 'its kubelet does not run',
    },
    {
      when: 'a static pod is not shown',
      change: withControlPlane({ components: [ETCD, { ...API_SERVER, pod: undefined }, ...REST] }),
      says: 'the API does not show kube-apiserver',
    },
    {
      when: 'a static pod is shown as it was',
      change: withControlPlane({
        components: [
          { ...ETCD, pod: { ...ETCD.pod, images: ['etcd:3.5.24-0'] } },
          API_SERVER,
          ...REST,
        ],
      }),
      says: 'the API shows etcd as it was before',
    },
    {
      when: 'a static pod is not Ready',
      change: withControlPlane({
        components: [{ ...ETCD, pod: { ...ETCD.pod, ready: false } }, API_SERVER, ...REST],
      }),
      says: 'etcd is not Ready',
    },
    {
      when: 'a static pod is the one of the former kubelet',
      change: withControlPlane({
        components: [{ ...ETCD, pod: { ...ETCD.pod, uid: 'etcd-old' } }, API_SERVER, ...REST],
      }),
      says: 'etcd was not started anew',
    },
  ])('is in trouble when $when', ({ change, says }) => {
    expect(firstTrouble({ ...PROOF, ...change })).toBe(says);
  });

  test.each<{ readonly when: string; readonly kept: boolean; readonly answers: boolean }>([
    { when: 'was not touched, and does not answer', kept: true, answers: false },
    { when: 'answers, and was started anew', kept: false, answers: true },
  ])('is in trouble while a part that $when is not Ready', ({ kept, answers }) => {
    expect(firstTrouble(withUnready(kept, answers))).toBe('etcd is not Ready');
  });

  test('has its kubelet tell of parts that were not touched, and answer', () => {
    const proof = withUnready(true, true);
    expect(firstTrouble(proof)).toBeNull();
    expect(firstUntold(proof)).toBe('its kubelet does not say yet that etcd is Ready');
    expect(firstUntold(PROOF)).toBeNull();
    expect(firstUntold({ ...PROOF, controlPlane: undefined })).toBeNull();
  });

  test('has servers that answer before the API shows them', () => {
    const unseen = WHOLE.components.map((each) => ({ ...each, pod: undefined }));
    expect(serversTrouble({ ...WHOLE, components: unseen }, NEW)).toBeNull();
    expect(serversTrouble({ ...WHOLE, apiServer: undefined }, NEW)).not.toBeNull();
    expect(serversTrouble(undefined, NEW)).toBe('its manifests are gone');
  });

  test.each([
    { before: OLD, after: NEW, anew: true },
    { before: 'v1.34.3', after: NEW, anew: false },
  ])('of $before gets its static pods started anew by $after: $anew', ({ before, after, anew }) => {
    expect(startsPodsAnew(before, after)).toBe(anew);
  });
});

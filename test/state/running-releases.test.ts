import { expect, test } from '@jest/globals';
import { type ReleaseEntries, runningReleases } from '../../src/state/running-releases.ts';
import { entry, liveness, node } from '../support/controllers-entries.ts';
import { order, upkeep } from '../support/rollout-entries.ts';
import { keyed } from '../support/why-entries.ts';

/** n1 and n2, of which the first is a control plane. */
function entries(differs: Partial<ReleaseEntries> = {}): ReleaseEntries {
  return {
    nodes: [entry('node', node(1)), entry('node', node(2))],
    livenesses: [],
    upkeeps: [
      entry('upkeep', upkeep(1, { apiServer: 'v1.35.1', cluster: 'v1.34.4' })),
      entry('upkeep', upkeep(2)),
    ],
    orders: [],
    releases: [],
    ...differs,
  };
}

const told = (differs: Partial<ReleaseEntries>) =>
  runningReleases(entries(differs)).map((each) => `${each.why} ${each.kubernetesVersion}`);

const ALL = [
  'n1 runs v1.34.4',
  'kubeadm-config names v1.34.4',
  'n2 runs v1.34.4',
  'n1 runs v1.35.1',
];

test.each<{ when: string; differs: Partial<ReleaseEntries>; all: readonly string[] }>([
  { when: 'parts differ', differs: {}, all: ALL },
  { when: 'nobody told', differs: { upkeeps: [] }, all: [] },
  {
    when: 'a node was ordered to become another',
    differs: { orders: [entry('order', order(2, { kubernetesVersion: 'v1.35.2' }))] },
    all: [...ALL, 'n2 is brought to v1.35.2'],
  },
  {
    when: 'a node was ordered to fetch another only',
    differs: {
      orders: [entry('order', order(2, { task: 'prepare', kubernetesVersion: 'v1.36.0' }))],
    },
    all: ALL,
  },
  {
    when: 'the order was for a former life of the node',
    differs: { orders: [entry('order', order(2, { incarnation: 7 }))] },
    all: ALL,
  },
  {
    when: 'one is dead',
    differs: { livenesses: [entry('liveness', liveness(1, { verdict: 'dead' }))] },
    all: ['n2 runs v1.34.4'],
  },
  {
    when: 'the control plane came further than any node told',
    differs: {
      releases: [
        keyed('release', 'current', {
          term: 5,
          controlPlane: 'v1.35.3',
          kubelet: 'v1.34.4',
          heldBy: null,
        }),
      ],
    },
    all: [...ALL, 'the control plane is at v1.35.3'],
  },
  {
    when: 'a node came back wiped',
    differs: { nodes: [entry('node', node(1, { incarnation: 2 })), entry('node', node(2))] },
    all: ['n2 runs v1.34.4'],
  },
])('what runs, oldest first, when $when', ({ differs, all }) => {
  expect(told(differs)).toEqual(all);
});

import {
  assigns,
  at,
  commits,
  cordons,
  idOf,
  members,
  nodes,
  operates,
  orders,
  ordersBack,
  runs,
  serves,
  starts,
  world,
} from './entries.ts';
import { tellApart } from './tell-apart.ts';

tellApart('S4', {
  broken: [
    {
      when: 'a spare becomes a Node',
      entries: [...starts(1, 'n1'), assigns(2, 'n1', 'stand-by'), nodes(3, { n1: {} })],
    },
    {
      when: 'a worker becomes a control plane',
      entries: [
        ...starts(1, 'n1'),
        assigns(2, 'n1', 'join-worker'),
        nodes(3, { n1: {} }),
        nodes(4, { n1: { controlPlane: true } }),
      ],
    },
    {
      when: 'a worker becomes an etcd member',
      entries: [...starts(1, 'n1'), assigns(2, 'n1', 'join-worker'), members(3, { n1: {} })],
    },
  ],
  sound: [
    {
      when: 'a control plane is first a Node without its label',
      entries: [
        ...starts(1, 'n1'),
        assigns(2, 'n1', 'init'),
        members(3, { n1: {} }),
        nodes(3, { n1: {} }),
        nodes(4, { n1: { controlPlane: true } }),
      ],
    },
  ],
});

const three = { n1: {}, n2: {}, n3: {} };

tellApart('S5', {
  broken: [
    {
      when: 'a learner is added while a voter is ill',
      entries: [
        members(1, { ...three, n3: { healthy: false } }),
        members(2, { ...three, n3: { healthy: false }, n4: { learner: true } }),
      ],
    },
    {
      when: 'a learner is added six seconds after a voter fell ill',
      entries: [
        members(1, three),
        members(2, { ...three, n3: { healthy: false } }),
        members(8, { ...three, n3: { healthy: false }, n4: { learner: true } }),
      ],
    },
    {
      when: 'a learner that does not serve is promoted',
      entries: [
        members(1, { ...three, n4: { learner: true } }),
        members(2, { ...three, n4: { healthy: false } }),
      ],
    },
    {
      when: 'a healthy member is removed beside an ill one',
      entries: [
        members(1, { ...three, n3: { healthy: false } }),
        members(2, { n1: {}, n3: { healthy: false } }),
      ],
    },
    { when: 'two are added at once', entries: [members(1, { n1: {} }), members(2, three)] },
    {
      when: 'two are learners at once',
      entries: [
        members(1, { n1: {}, n2: { learner: true } }),
        members(2, { n1: {}, n2: { learner: true }, n3: { learner: true } }),
      ],
    },
    {
      when: 'a voter is added that never learned',
      entries: [members(1, three), members(2, { ...three, n4: {} })],
    },
    { when: 'the only member is removed', entries: [members(1, { n1: {} }), members(2, {})] },
  ],
  sound: [
    {
      when: 'one grows to two, learner first',
      entries: [
        members(1, { n1: {} }),
        members(2, { n1: {}, n2: { learner: true, healthy: false, started: false } }),
        members(3, { n1: {}, n2: { learner: true } }),
        members(4, { n1: {}, n2: {} }),
      ],
    },
    {
      when: 'a voter falls ill while kubeadm is about to add a learner',
      entries: [
        members(1, three),
        members(2, { ...three, n3: { healthy: false } }),
        members(6, { ...three, n3: { healthy: false }, n4: { learner: true } }),
      ],
    },
    {
      when: 'the ill one of three is removed',
      entries: [members(1, { ...three, n3: { healthy: false } }), members(2, { n1: {}, n2: {} })],
    },
    {
      when: 'nobody changes and all fall ill',
      entries: [
        members(1, three),
        members(2, { n1: { healthy: false }, n2: { healthy: false }, n3: {} }),
      ],
    },
  ],
});

const old = { kubeletVersion: 'v1.33.9', apiServerVersion: 'v1.33.9', controlPlane: true };
const half = { ...old, apiServerVersion: 'v1.34.4' };
const next = { kubeletVersion: 'v1.34.4', apiServerVersion: 'v1.34.4', controlPlane: true };

const ordered = [
  ...starts(1, 'n1'),
  nodes(2, { n1: old }),
  orders(3, 'n1', 'upgrade-control-plane'),
  nodes(4, { n1: half }),
];

tellApart('S7', {
  broken: [
    {
      when: 'an order that failed leaves an API server older than it was',
      entries: [...ordered, nodes(5, { n1: { ...old, apiServerVersion: 'v1.33.8' } })],
    },
    {
      when: 'an API server goes back after its order was taken back',
      entries: [...ordered, ordersBack(5, 'n1'), nodes(6, { n1: old })],
    },
    {
      when: 'a node goes back for the order of another one',
      entries: [
        ...starts(1, 'n1', 'n2'),
        nodes(2, { n1: half, n2: old }),
        orders(3, 'n2', 'upgrade-control-plane'),
        nodes(4, { n1: old, n2: old }),
      ],
    },
    {
      when: 'a worker is newer than a control plane',
      entries: [
        nodes(1, { n1: half, n2: old, n3: { kubeletVersion: 'v1.33.9' } }),
        nodes(2, { n1: half, n2: old, n3: { kubeletVersion: 'v1.34.4' } }),
      ],
    },
    {
      when: 'a kubelet goes back',
      entries: [nodes(1, { n1: {} }), nodes(2, { n1: { kubeletVersion: 'v1.34.3' } })],
    },
    {
      when: 'a minor is skipped',
      entries: [
        nodes(1, { n1: { apiServerVersion: 'v1.32.1', kubeletVersion: 'v1.32.1' } }),
        nodes(2, { n1: { apiServerVersion: 'v1.34.4', kubeletVersion: 'v1.32.1' } }),
      ],
    },
    {
      when: 'an upgrade back is begun',
      entries: [nodes(1, { n1: next }), runs(2, 'n1', 'u: kubeadm upgrade apply v1.33.9')],
    },
    {
      when: 'a kubelet is four minors behind',
      entries: [nodes(1, { n1: next, n2: { kubeletVersion: 'v1.30.0' } })],
    },
  ],
  sound: [
    {
      when: 'an order that failed leaves what was before it',
      entries: [...ordered, nodes(5, { n1: old })],
    },
    {
      when: 'API servers go first and kubelets follow',
      entries: [
        nodes(1, { n1: old, n2: { kubeletVersion: 'v1.33.9' } }),
        nodes(2, { n1: half, n2: { kubeletVersion: 'v1.33.9' } }),
        nodes(3, { n1: next, n2: { kubeletVersion: 'v1.33.9' } }),
        nodes(4, { n1: next, n2: { kubeletVersion: 'v1.34.4' } }),
      ],
    },
  ],
});

const isDead = (second: number, host: string) =>
  commits(second, 'liveness', idOf(host), {
    nodeId: idOf(host),
    incarnation: 1,
    verdict: 'dead',
    evidence: '',
  });
const ill = { healthy: false };

const enrolled = (...hosts: readonly string[]) => [
  ...starts(1, ...hosts),
  ...hosts.map((hostname) =>
    commits(1, 'node', idOf(hostname), { nodeId: idOf(hostname), hostname }),
  ),
];

tellApart('S20', {
  broken: [
    {
      when: 'the log does not call it dead',
      entries: [
        ...enrolled('n3'),
        members(1, { ...three, n3: ill }),
        members(2, { n1: {}, n2: {} }),
      ],
    },
    {
      when: 'the heir of another one is on its way',
      entries: [
        ...enrolled('n1', 'n2', 'n3', 'n4', 'n5'),
        isDead(2, 'n4'),
        isDead(3, 'n5'),
        members(4, { ...three, n4: ill, n5: ill }),
        members(5, { ...three, n5: ill }),
        members(6, { ...three, n5: ill, n6: { learner: true } }),
        members(7, { ...three, n6: { learner: true } }),
      ],
    },
    {
      when: 'too many are ill',
      entries: [
        ...enrolled('n1', 'n2', 'n3'),
        isDead(2, 'n3'),
        members(3, { n1: {}, n2: ill, n3: ill }),
        members(4, { n1: {}, n2: ill }),
      ],
    },
  ],
  sound: [
    {
      when: 'one is dead and replaced, and then the next',
      entries: [
        ...enrolled('n1', 'n2', 'n3', 'n4'),
        isDead(2, 'n3'),
        members(3, { ...three, n3: ill }),
        members(4, { n1: {}, n2: {} }),
        members(5, { n1: {}, n2: {}, n4: {} }),
        isDead(6, 'n2'),
        members(7, { n1: {}, n2: ill, n4: {} }),
        members(8, { n1: {}, n4: {} }),
      ],
    },
    {
      when: 'two are dead, and go one after the other before anybody comes',
      entries: [
        ...enrolled('n1', 'n2', 'n3', 'n4', 'n5'),
        isDead(2, 'n4'),
        isDead(3, 'n5'),
        members(4, { ...three, n4: ill, n5: ill }),
        members(5, { ...three, n5: ill }),
        members(6, three),
      ],
    },
    {
      when: 'one that is more than wanted falls silent at that moment',
      entries: [
        ...enrolled('n3'),
        assigns(2, 'n3', 'demote'),
        members(3, { ...three, n3: ill }),
        members(4, { n1: {}, n2: {} }),
      ],
    },
    {
      when: 'one that people asked to leave falls silent at that moment',
      entries: [
        ...enrolled('n3'),
        commits(2, 'request', idOf('n3'), { type: 'leave', nodeId: idOf('n3') }),
        members(3, { ...three, n3: ill }),
        members(4, { n1: {}, n2: {} }),
      ],
    },
    {
      when: 'a host leaves by its own reset',
      entries: [
        ...enrolled('n3'),
        members(2, { ...three, n3: ill }),
        runs(3, 'n3', 'reset-1-x: kubeadm reset --force'),
        members(4, { n1: {}, n2: {} }),
      ],
    },
  ],
});

const evicted = (second: number, disruptionsAllowed: number | null) =>
  at(second, 'n1', {
    type: 'pod.evicted',
    cluster: 'e1',
    node: 'n2',
    pod: 'web',
    disruptionsAllowed,
  });
const cut = (second: number) => world(second, 'n1', 'pods.cut', 'web');
const deleted = (second: number) => runs(second, 'n1', 'drain-n2: kubectl delete pod web');

tellApart('S21', {
  broken: [
    { when: 'a budget allows no disruption', entries: [evicted(1, 0)] },
    { when: 'a pod is deleted instead', entries: [deleted(1)] },
    {
      when: 'a drain is forced',
      entries: [runs(1, 'n1', 'drain-n2: kubectl drain n2 --disable-eviction')],
    },
    {
      when: 'a node that served is reset under its pods',
      entries: [...starts(1, 'n1'), ...serves(2, 'n1', 'init'), cut(4)],
    },
  ],
  sound: [
    {
      when: 'the budget has room',
      entries: [evicted(1, 1), evicted(2, null)],
    },
    { when: 'a join that failed is cleaned away', entries: [...starts(1, 'n1'), cut(2)] },
    {
      when: 'the spec says so',
      entries: [
        commits(1, 'spec', 'current', { upgrade: { force: true } }),
        evicted(2, 0),
        deleted(3),
      ],
    },
  ],
});

const founded = [
  ...starts(1, 'n1', 'n2'),
  ...serves(2, 'n1', 'init'),
  ...serves(4, 'n2', 'join-control-plane'),
];
const upgrade = runs(9, 'n1', 'upkeep-1-x: kubeadm upgrade apply v1.34.4');
const reset = runs(9, 'n1', 'reset-1-x: kubeadm reset --force');

const stop = (second: number) => world(second, 'n1', 'service.changed', 'stop kubelet');

tellApart('S26', {
  broken: [
    {
      when: 'the only control plane is reset',
      entries: [...founded, members(8, { n1: {} }), reset],
    },
    {
      when: 'the only healthy one is reset',
      entries: [...founded, members(8, { n1: {}, n2: ill }), reset],
    },
    {
      when: 'the only healthy one of several is upgraded',
      entries: [...founded, members(3, { n1: {}, n2: ill }), upgrade],
    },
    {
      when: 'the only healthy one of several is stopped for an upgrade',
      entries: [
        ...founded,
        orders(2, 'n1', 'upgrade-kubelet'),
        members(3, { n1: {}, n2: ill }),
        stop(9),
      ],
    },
    {
      when: 'one of several is upgraded while etcd has no quorum',
      entries: [...founded, members(3, { n1: ill, n2: ill }), upgrade],
    },
    {
      when: 'the only healthy one is cordoned',
      entries: [...founded, members(8, { n1: {}, n2: ill }), cordons(9, 'n2', 'n1')],
    },
    {
      when: 'the only healthy one is removed from etcd',
      entries: [...founded, members(8, { n1: {}, n2: ill }), members(9, { n2: ill })],
    },
  ],
  sound: [
    {
      when: 'the only one that there is is upgraded',
      entries: [...founded, members(8, { n1: {} }), upgrade],
    },
    {
      when: 'the other one has just gone',
      entries: [...founded, members(8, { n1: {}, n2: ill }), upgrade],
    },
    {
      when: 'the upgrade was begun before the other one went',
      entries: [
        ...founded,
        orders(2, 'n1', 'upgrade-kubelet'),
        members(3, { n1: {}, n2: {} }),
        stop(4),
        members(5, { n1: {}, n2: ill }),
        stop(20),
      ],
    },
    {
      when: 'another healthy one is there',
      entries: [...founded, members(8, { n1: {}, n2: {} }), reset],
    },
    {
      when: 'the first init failed and its host is cleaned',
      entries: [
        ...starts(1, 'n1'),
        assigns(2, 'n1', 'init'),
        operates(3, 'n1', 'init', 'resetting', { failures: 1 }),
        members(4, { n1: {} }),
        runs(5, 'n1', 'reset-1-init: kubeadm reset --force'),
      ],
    },
  ],
});

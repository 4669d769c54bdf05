import {
  assigns,
  at,
  commits,
  cordons,
  ends,
  faulty,
  forms,
  idOf,
  LOG,
  members,
  mended,
  orders,
  ordersBack,
  quorum,
  runs,
  spec,
  starts,
  world,
} from './entries.ts';
import { tellApart } from './tell-apart.ts';

const sees = (second: number, host: string, peers: number) =>
  at(second, host, { type: 'agent.sees', peers });
/** With an empty disk a machine is another node. */
const reborn = (second: number, host: string, nodeId: string) =>
  at(second, host, { type: 'agent.started', nodeId, life: 2, token: 'one' });
const later = (second: number) => world(second, 'n1', 'host.prepared');
const all = starts(0, 'n1', 'n2', 'n3');
const reached = quorum(1, true, 'n1', 'n2', 'n3');
const leads = (second: number, host: string, term: number | null) =>
  at(second, host, { type: 'agent.leads', term });
const judged = (second: number, host: string, verdict: string) =>
  commits(second, 'liveness', idOf(host), {
    nodeId: idOf(host),
    incarnation: 1,
    verdict,
    evidence: '',
  });

tellApart('L1', {
  broken: [
    {
      when: 'one of three sees one other',
      entries: [...all, sees(1, 'n1', 2), sees(1, 'n2', 2), sees(1, 'n3', 1), later(6)],
    },
  ],
  sound: [
    {
      when: 'all see all',
      entries: [...all, sees(1, 'n1', 2), sees(1, 'n2', 2), sees(4, 'n3', 2), later(6)],
    },
    { when: 'a cable is cut', entries: [...all, world(1, 'n1', 'network.cut', 'n2'), later(9)] },
    { when: 'a machine is missing', entries: [...starts(0, 'n1', 'n2'), later(9)] },
  ],
});

tellApart('L2', {
  broken: [{ when: 'nobody founds anything', entries: [...all, later(8)] }],
  sound: [{ when: 'somebody does', entries: [...all, forms(2, 'n1'), later(9)] }],
});

const alive = [...all, reached, leads(2, 'n1', 2), judged(3, 'n3', 'alive')];

tellApart('L3', {
  broken: [
    { when: 'nobody notices a death', entries: [...alive, ends(90, 'n3'), later(130)] },
    { when: 'a living node is called dead', entries: [...alive, judged(90, 'n3', 'dead')] },
  ],
  sound: [
    {
      when: 'the death is noticed',
      entries: [...alive, ends(90, 'n3'), judged(96, 'n3', 'suspect'), later(130)],
    },
    {
      when: 'the leader died, too',
      entries: [...alive, ends(89, 'n1'), ends(90, 'n3'), later(130)],
    },
    {
      when: 'a node was cut off',
      entries: [...alive, quorum(60, true, 'n1', 'n2'), judged(92, 'n3', 'dead')],
    },
  ],
});

tellApart('L4', {
  broken: [{ when: 'nobody follows', entries: [...alive, ends(90, 'n1'), later(121)] }],
  sound: [
    {
      when: 'another one leads',
      entries: [...alive, ends(90, 'n1'), leads(106, 'n2', 9), later(121)],
    },
    {
      when: 'the log lost its quorum',
      entries: [...alive, ends(90, 'n1'), quorum(95, false), later(121)],
    },
  ],
});

const planned = [
  ...starts(0, 'n1', 'n2', 'n3', 'n4'),
  commits(1, 'spec', 'current', spec()),
  ...['n1', 'n2', 'n3'].map((host, index) => assigns(2 + index, host, 'join-control-plane')),
  judged(10, 'n3', 'dead'),
];

tellApart('L5', {
  broken: [
    {
      when: 'the decision comes after the grace',
      entries: [...planned, assigns(80, 'n4', 'join-control-plane')],
    },
    {
      when: 'the dead one goes long after the grace',
      entries: [...planned, assigns(80, 'n3', 'retire')],
    },
  ],
  sound: [
    {
      when: 'the dead one goes right after it',
      entries: [...planned, assigns(71, 'n3', 'retire')],
    },
    {
      when: 'a node was busy until then',
      entries: [
        ...planned,
        commits(79, 'status', idOf('n4'), { phase: 'serving' }),
        assigns(80, 'n3', 'retire'),
      ],
    },
    {
      when: 'another leader counts the grace anew',
      entries: [
        ...planned,
        commits(20, 'leadership', 'current', { nodeId: idOf('n2') }),
        assigns(80, 'n3', 'retire'),
      ],
    },
    { when: 'a living one goes', entries: [...planned, assigns(80, 'n2', 'retire')] },
    {
      when: 'it comes right after it',
      entries: [...planned, assigns(71, 'n4', 'join-control-plane')],
    },
    {
      when: 'something else went wrong',
      entries: [...planned, ends(40, 'n2'), assigns(80, 'n4', 'join-control-plane')],
    },
  ],
});

tellApart('L6', {
  broken: [
    {
      when: 'it never becomes a voter',
      entries: [assigns(1, 'n1', 'init'), members(2, { n1: { learner: true } }), later(242)],
    },
  ],
  sound: [
    {
      when: 'it becomes one',
      entries: [assigns(1, 'n1', 'init'), members(200, { idle: {}, [idOf('n1')]: {} }), later(242)],
    },
  ],
});

const edit = commits(90, 'spec', 'current', spec());
const heard = (second: number, host: string) =>
  at(second, host, {
    type: 'log.delivered',
    log: LOG,
    path: 'spec.current',
    revision: 90,
    digest: 'a',
  });
const told = at(90.1, 'n1', {
  type: 'log.acknowledged',
  log: LOG,
  kind: 'spec',
  key: 'current',
  revision: 90,
});

tellApart('L7', {
  broken: [
    { when: 'the writer is told late', entries: [...alive, edit, later(90.5)] },
    {
      when: 'one host hears late',
      entries: [...alive, edit, told, heard(90.1, 'n1'), heard(90.1, 'n2'), later(91.5)],
    },
  ],
  sound: [
    {
      when: 'all hear in time',
      entries: [
        ...alive,
        edit,
        told,
        ...['n1', 'n2', 'n3'].map((host) => heard(90.2, host)),
        later(92),
      ],
    },
    { when: 'the log lost its quorum', entries: [...alive, edit, quorum(90.1, false), later(92)] },
  ],
});

tellApart('L8', {
  broken: [
    {
      when: 'the log does not come back',
      entries: [
        ...alive,
        world(5, 'n1', 'power.cut'),
        quorum(6, false),
        world(20, 'n1', 'power.on'),
        quorum(20, false),
        later(41),
      ],
    },
  ],
  sound: [
    {
      when: 'it does',
      entries: [
        ...alive,
        world(5, 'n1', 'power.cut'),
        quorum(6, false),
        world(20, 'n1', 'power.on'),
        quorum(28, true, 'n1'),
        later(31),
      ],
    },
    {
      when: 'a machine is still off',
      entries: [...alive, world(5, 'n1', 'power.cut'), quorum(6, false), later(31)],
    },
    {
      when: 'most of its replicas lost their disks',
      entries: [
        ...alive,
        forms(4, 'n3'),
        ...['n1', 'n2'].map((host) => world(5, host, 'disk.wiped')),
        quorum(6, false),
        reborn(7, 'n1', 'ddddddddddd'),
        reborn(7, 'n2', 'eeeeeeeeeee'),
        quorum(8, false),
        later(31),
      ],
    },
  ],
});

const cutOff = [
  ...alive,
  forms(2, 'n3'),
  world(4, 'n3', 'network.cut', 'n1'),
  quorum(4, true, 'n1', 'n2'),
  world(90, '*', 'network.healed', '*'),
  quorum(90, true, 'n1', 'n2', 'n3'),
];
const synced = (second: number, host: string) =>
  at(second, host, { type: 'log.synced', log: LOG, revision: 9 });

tellApart('L9', {
  broken: [
    { when: 'one host stays cut off', entries: [...alive, quorum(5, true, 'n1', 'n2'), later(16)] },
    { when: 'it never hears what it missed', entries: [...cutOff, synced(91, 'n2'), later(101)] },
  ],
  sound: [
    { when: 'it catches up', entries: [...cutOff, synced(92, 'n3'), later(101)] },
    { when: 'it is cut off again', entries: [...cutOff, world(92, 'n3', 'power.cut'), later(101)] },
    {
      when: 'its agent began only meanwhile',
      entries: [
        ...cutOff.slice(0, -2),
        ends(60, 'n3'),
        ...starts(61, 'n3'),
        ...cutOff.slice(-2),
        later(101),
      ],
    },
    {
      when: 'all reach the log',
      entries: [
        ...alive,
        quorum(5, true, 'n1', 'n2'),
        quorum(9, true, 'n1', 'n2', 'n3'),
        later(16),
      ],
    },
    {
      when: 'the cable is still cut',
      entries: [
        ...alive,
        world(4, 'n1', 'network.cut', 'n3'),
        quorum(5, true, 'n1', 'n2'),
        later(16),
      ],
    },
  ],
});

tellApart('L10', {
  broken: [
    {
      when: 'nobody leads though the log works',
      entries: [...all, reached, quorum(2, true, 'n1', 'n2'), later(63)],
    },
    {
      when: 'a partition keeps the majority from having a leader',
      entries: [...alive, world(3, 'n3', 'network.cut', 'n1'), leads(4, 'n1', null), later(65)],
    },
  ],
  sound: [
    {
      when: 'somebody leads',
      entries: [...all, reached, quorum(2, true, 'n1'), leads(3, 'n1', 3), later(90)],
    },
    {
      when: 'the log is interrupted meanwhile',
      entries: [...all, reached, quorum(2, true, 'n1'), quorum(30, false), later(63)],
    },
  ],
});

const balanced = [
  ...all,
  assigns(1, 'n1', 'init'),
  world(2, 'n2', 'balancer.installed', idOf('n3')),
];
const status = (second: number) => commits(second, 'status', idOf('n1'), { phase: 'serving' });

tellApart('L11', {
  broken: [
    { when: 'a load balancer does not follow', entries: [...balanced, status(9), later(11)] },
  ],
  sound: [
    {
      when: 'it does',
      entries: [
        ...balanced,
        status(9),
        world(9.5, 'n2', 'balancer.server-added', idOf('n1')),
        later(11),
      ],
    },
    { when: 'its agent does not run', entries: [...balanced, ends(3, 'n2'), status(9), later(11)] },
  ],
});

const writes = (count: number, everySeconds: number) =>
  Array.from({ length: count }, (_, index) =>
    commits(index * everySeconds, 'handover', 'x', {}, { revision: index + 1 }),
  );

const cordoned = [
  ...starts(1, 'n1', 'n2'),
  orders(2, 'n2', 'upgrade-kubelet', { drains: true }),
  cordons(3, 'n1', 'n2'),
];

tellApart('L12', {
  broken: [
    { when: 'one key is written twice a second', entries: writes(61, 0.5) },
    { when: 'a command never ends', entries: [runs(1, 'n1', 'x: kubeadm join'), later(1_802)] },
    { when: 'a cordon outlasts its order', entries: [...cordoned, ordersBack(4, 'n2'), later(65)] },
    {
      when: 'a healed cluster is never whole',
      entries: [at(1, '*', { type: 'script.healed' }), later(3_602)],
    },
  ],
  sound: [
    { when: 'one key is written every two seconds', entries: writes(200, 2) },
    { when: 'the order stands', entries: [...cordoned, later(3_600)] },
    {
      when: 'the Node takes pods again in time',
      entries: [
        ...cordoned,
        ordersBack(4, 'n2'),
        world(60, 'n1', 'node.uncordoned', 'n2'),
        later(200),
      ],
    },
    {
      when: 'something else is wrong',
      entries: [...cordoned, faulty(4, 'n1', 'disk-slow'), ordersBack(5, 'n2'), later(200)],
    },
    {
      when: 'the machine lost its power',
      entries: [runs(1, 'n1', 'x: kubeadm join'), world(2, 'n1', 'power.cut'), later(1_802)],
    },
    {
      when: 'it is whole',
      entries: [
        at(1, '*', { type: 'script.healed' }),
        at(9, '*', { type: 'script.whole' }),
        later(3_602),
      ],
    },
  ],
});

const complains = (second: number) =>
  at(second, 'n1', { type: 'agent.said', level: 'warn', text: '{"code":"state.disk-full"}' });

tellApart('L14', {
  broken: [
    {
      when: 'an agent never looks again',
      entries: [faulty(1, 'n1', 'disk-full'), mended(2, 'n1', 'disk-full'), complains(40)],
    },
  ],
  sound: [
    {
      when: 'it complained in time',
      entries: [faulty(1, 'n1', 'disk-full'), mended(2, 'n1', 'disk-full'), complains(30)],
    },
    {
      when: 'the disk is full again',
      entries: [
        faulty(1, 'n1', 'disk-full'),
        mended(2, 'n1', 'disk-full'),
        faulty(9, 'n1', 'disk-full'),
        complains(40),
      ],
    },
  ],
});

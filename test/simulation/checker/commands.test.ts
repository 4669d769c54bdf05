import { MARKER_FILE } from '../../../src/state/kubernetes-paths.ts';
import {
  assigns,
  calls,
  commits,
  cordons,
  forms,
  idOf,
  leads,
  members,
  nodes,
  OTHER_CLUSTER,
  operates,
  operationId,
  orders,
  ordersBack,
  runs,
  serves,
  starts,
  tells,
  world,
} from './entries.ts';
import { tellApart } from './tell-apart.ts';

const JOIN_ID = operationId('n2', 'join-worker');
const JOIN = `kubeadm-1-${JOIN_ID}: kubeadm join --config f`;
const PHASE = `phase3-1-${JOIN_ID}: kubeadm join phase etcd-join --config f`;
const RESET = `reset-1-${JOIN_ID}: kubeadm reset --force`;
const TASK = 'upgrade-control-plane';
const UPGRADE = `upkeep-1-${TASK}-${idOf('n2')}-1: kubeadm upgrade node`;
const CLUSTER = '0d5ba1ab-0000-4000-8000-000000000000';

const joining = [
  ...starts(1, 'n2'),
  assigns(2, 'n2', 'join-worker', { sponsor: 'n1' }),
  operates(3, 'n2', 'join-worker', 'intended'),
  operates(4, 'n2', 'join-worker', 'running'),
];

const tellsOfDrain = (second: number, hostname: string, state: string) => {
  const operationId = `drain-${idOf(hostname)}-1`;
  return commits(second, 'drain', idOf(hostname), { nodeId: idOf(hostname), operationId, state });
};

/** A node is enrolled, and its sponsor says how far it is with giving its pods away. */
const drains = (second: number, hostname: string, state: string) => [
  nodes(second, { n1: {}, n3: {} }),
  ...['n1', 'n3'].map((each) =>
    commits(second, 'node', idOf(each), { nodeId: idOf(each), hostname: each }),
  ),
  orders(second, hostname, 'drain'),
  tellsOfDrain(second + 1, hostname, state),
];

tellApart('S3', {
  broken: [
    { when: 'a command has no operation', entries: [...starts(1, 'n2'), runs(2, 'n2', JOIN)] },
    {
      when: 'the start was not committed',
      entries: [...joining.slice(0, 3), runs(4, 'n2', JOIN)],
    },
    {
      when: 'the start of a phase was not committed',
      entries: [...joining.slice(0, 3), runs(4, 'n2', PHASE)],
    },
    {
      when: 'another attempt was committed',
      entries: [...joining, runs(5, 'n2', JOIN.replace('-1-', '-2-'))],
    },
    {
      when: 'a token is made by somebody who sponsors nobody',
      entries: [...starts(1, 'n1'), world(2, 'n1', 'token.created', 'abcdef')],
    },
    {
      when: 'a load balancer gets a server that is no control plane',
      entries: [...joining, world(5, 'n1', 'balancer.server-added', idOf('n2'))],
    },
    {
      when: 'an etcd member goes while no operation is under way',
      entries: [members(1, { n1: {}, n2: {}, n3: {} }), members(2, { n1: {}, n2: {} })],
    },
    {
      when: 'a Node is cordoned while no operation is under way',
      entries: [nodes(1, { n1: {} }), cordons(2, 'n2', 'n1')],
    },
    {
      when: 'a Node is cordoned after it was told that it takes pods again',
      entries: [...drains(1, 'n1', 'released'), cordons(3, 'n2', 'n1')],
    },
    {
      when: 'a Node is cordoned while another one gives its pods away',
      entries: [...drains(1, 'n3', 'draining'), cordons(3, 'n2', 'n1')],
    },
    {
      when: 'a drain begins that no order asked for',
      entries: [orders(1, 'n1', 'prepare'), tellsOfDrain(2, 'n1', 'draining')],
    },
    {
      when: 'a host is upgraded that was asked to prepare',
      entries: [...starts(1, 'n2'), orders(2, 'n2', 'prepare'), runs(3, 'n2', UPGRADE)],
    },
    {
      when: 'a host is upgraded for the order of another one',
      entries: [...starts(1, 'n1', 'n2'), orders(2, 'n1', TASK), runs(3, 'n2', UPGRADE)],
    },
  ],
  sound: [
    { when: 'the log says that the command may run', entries: [...joining, runs(5, 'n2', JOIN)] },
    {
      when: 'the upgrade was ordered',
      entries: [...starts(1, 'n2'), orders(2, 'n2', TASK), runs(3, 'n2', UPGRADE)],
    },
    {
      when: 'the sponsor of a drain told of it before it cordons the Node',
      entries: [...drains(1, 'n1', 'draining'), cordons(3, 'n2', 'n1')],
    },
    {
      when: 'a sponsor makes a token',
      entries: [...starts(1, 'n1'), ...joining, world(5, 'n1', 'token.created', 'abcdef')],
    },
    {
      when: 'a load balancer gets a control plane',
      entries: [assigns(1, 'n1', 'init'), world(2, 'n2', 'balancer.installed', idOf('n1'))],
    },
  ],
});

tellApart('S10', {
  broken: [
    {
      when: 'a host obeys what a former leader assigned after its successor began',
      entries: [
        ...starts(1, 'n2'),
        commits(5, 'leadership', 'current', { nodeId: idOf('n1'), incarnation: 1 }),
        commits(9, 'leadership', 'current', { nodeId: idOf('n2'), incarnation: 1 }),
        assigns(10, 'n2', 'join-worker', { term: 5 }),
        operates(11, 'n2', 'join-worker', 'running', { term: 5 }),
        runs(12, 'n2', JOIN),
      ],
    },
    {
      when: 'a host obeys a term below one that it followed',
      entries: [
        ...starts(1, 'n2'),
        assigns(2, 'n2', 'join-worker', { term: 1 }),
        operates(3, 'n2', 'join-worker', 'running', { term: 1 }),
        operates(4, 'n2', 'join-worker', 'running', { term: 7, id: 'join-worker-x-2' }),
        runs(5, 'n2', JOIN),
      ],
    },
  ],
  sound: [
    {
      when: 'the same operation was asked for again in the newer term',
      entries: [
        ...starts(1, 'n2'),
        assigns(2, 'n2', 'join-worker', { term: 1 }),
        operates(3, 'n2', 'join-worker', 'running', { term: 1 }),
        assigns(4, 'n2', 'join-worker', { term: 4 }),
        operates(5, 'n2', 'join-worker', 'running', { term: 4 }),
        runs(6, 'n2', JOIN),
      ],
    },
    {
      when: 'nobody obeys what a former leader assigned',
      entries: [
        commits(5, 'leadership', 'current', { nodeId: idOf('n1'), incarnation: 1 }),
        commits(9, 'leadership', 'current', { nodeId: idOf('n2'), incarnation: 1 }),
        assigns(10, 'n3', 'join-worker', { term: 5 }),
      ],
    },
    {
      when: 'the leader assigns in its own term',
      entries: [
        commits(5, 'leadership', 'current', { nodeId: idOf('n1'), incarnation: 1 }),
        assigns(6, 'n3', 'join-worker', { term: 5 }),
      ],
    },
  ],
});

const marker = (clusterId: string) => [
  calls(
    4,
    'n2',
    'files.write',
    MARKER_FILE,
    JSON.stringify({ clusterId, nodeId: idOf('n2'), incarnation: 1, operationId: JOIN_ID }),
    0o600,
  ),
  world(4, 'n2', 'file.written', MARKER_FILE),
];
const resetting = operates(5, 'n2', 'join-worker', 'resetting', { failures: 1 });

tellApart('S17', {
  broken: [
    {
      when: 'the log does not say that the node is resetting',
      entries: [...joining, ...marker(CLUSTER), runs(6, 'n2', RESET)],
    },
    {
      when: 'the host carries no marker of ours',
      entries: [...joining, resetting, runs(6, 'n2', RESET)],
    },
    {
      when: 'the marker names another cluster',
      entries: [
        ...joining,
        forms(4, 'n2'),
        ...marker(OTHER_CLUSTER),
        resetting,
        runs(6, 'n2', RESET),
      ],
    },
    {
      when: 'the operation is that of another node',
      entries: [...starts(1, 'n3'), ...joining, resetting, runs(6, 'n3', RESET)],
    },
  ],
  sound: [
    {
      when: 'the log says so and the marker is ours',
      entries: [...joining, forms(4, 'n2'), ...marker(CLUSTER), resetting, runs(6, 'n2', RESET)],
    },
  ],
});

tellApart('S24', {
  broken: [
    {
      when: 'one attempt is started twice',
      entries: [...joining, runs(5, 'n2', JOIN), world(6, 'n2', 'power.cut'), runs(7, 'n2', JOIN)],
    },
    {
      when: 'a phase that ended well is started again',
      entries: [
        ...joining,
        runs(5, 'n2', PHASE),
        world(6, 'n2', 'operation.ended', `phase3-1-${JOIN_ID}: succeeded`),
        runs(7, 'n2', PHASE),
      ],
    },
    {
      when: 'a reset is started while it runs',
      entries: [...joining, runs(5, 'n2', RESET), runs(6, 'n2', RESET)],
    },
    {
      when: 'a command starts after its operation ended',
      entries: [...joining, operates(5, 'n2', 'join-worker', 'succeeded'), runs(6, 'n2', JOIN)],
    },
    {
      when: 'an operation goes on after it ended',
      entries: [
        ...joining,
        operates(5, 'n2', 'join-worker', 'succeeded'),
        operates(6, 'n2', 'join-worker', 'failed', { failures: 1 }),
      ],
    },
  ],
  sound: [
    {
      when: 'the next attempt has a name of its own',
      entries: [...joining, runs(5, 'n2', JOIN), runs(7, 'n2', JOIN.replace('-1-', '-2-'))],
    },
    {
      when: 'a phase that nobody knows of after a boot is run again',
      entries: [
        ...joining,
        runs(5, 'n2', PHASE),
        world(6, 'n2', 'power.cut'),
        runs(7, 'n2', PHASE),
      ],
    },
    {
      when: 'a reset that left something is run again',
      entries: [
        ...joining,
        runs(5, 'n2', RESET),
        world(6, 'n2', 'operation.ended', `reset-1-${JOIN_ID}: failed with 1`),
        runs(7, 'n2', RESET),
      ],
    },
  ],
});

const served = [
  ...starts(1, 'n1', 'n2', 'n3'),
  ...['n1', 'n2', 'n3'].flatMap((host, index) => serves(2 + 2 * index, host, 'join-worker')),
];
const upgrade = (second: number, host: string) =>
  runs(second, host, `upgrade-${host}: kubeadm upgrade node`);

tellApart('S6', {
  broken: [
    {
      when: 'a second node is upgraded beside the first',
      entries: [...served, upgrade(10, 'n1'), upgrade(11, 'n2')],
    },
    {
      when: 'a node is cordoned while another is reset',
      entries: [
        ...served,
        nodes(9, { n1: {}, n2: {}, n3: {} }),
        runs(10, 'n1', 'reset-1-x: kubeadm reset --force'),
        cordons(11, 'n3', 'n2'),
      ],
    },
    {
      when: 'a second node is given an order while another one stands',
      entries: [...served, orders(10, 'n1', 'upgrade-kubelet'), orders(11, 'n2', 'reconfigure')],
    },
    {
      when: 'a node is cordoned while another one is under an order',
      entries: [...served, orders(10, 'n1', 'renew-certificates'), cordons(11, 'n3', 'n2')],
    },
    {
      when: 'two control planes are upgraded, where two nodes may be',
      entries: [
        commits(1, 'spec', 'current', { upgrade: { maxUnavailable: 2 } }),
        ...starts(2, 'n1', 'n2'),
        ...serves(3, 'n1', 'init'),
        ...serves(5, 'n2', 'join-control-plane'),
        upgrade(10, 'n1'),
        upgrade(11, 'n2'),
      ],
    },
  ],
  sound: [
    {
      when: 'the first one is done',
      entries: [
        ...served,
        upgrade(10, 'n1'),
        world(11, 'n1', 'operation.ended', 'upgrade-n1: succeeded'),
        upgrade(12, 'n2'),
      ],
    },
    {
      when: 'the first order was taken back, or disturbs nobody',
      entries: [
        ...served,
        orders(10, 'n1', 'upgrade-kubelet'),
        orders(11, 'n3', 'prepare'),
        ordersBack(12, 'n1'),
        orders(13, 'n2', 'upgrade-kubelet'),
      ],
    },
    {
      when: 'a leader that had been deposed wrote the other order',
      entries: [
        ...served,
        leads(9, 'n2'),
        orders(10, 'n1', 'upgrade-kubelet', { term: 9 }),
        leads(11, 'n3'),
        orders(12, 'n2', 'upgrade-kubelet', { term: 9 }),
      ],
    },
    {
      when: 'a host that never served is cleaned beside',
      entries: [
        ...starts(1, 'n4'),
        ...served,
        upgrade(10, 'n1'),
        runs(11, 'n4', 'reset-1-x: kubeadm reset --force'),
      ],
    },
    {
      when: 'a host whose Node is gone is cleaned beside',
      entries: [
        ...served,
        nodes(9, { n2: {}, n3: {} }),
        runs(10, 'n1', 'reset-1-x: kubeadm reset --force'),
        cordons(11, 'n3', 'n2'),
      ],
    },
  ],
});

const upgraded = (second: number) => runs(second, 'n2', UPGRADE);

tellApart('S10', {
  broken: [
    {
      when: 'a host follows an order that was given after its leader had been deposed',
      entries: [
        ...starts(1, 'n2'),
        leads(5, 'n1'),
        leads(9, 'n2'),
        orders(10, 'n2', TASK, { term: 5 }),
        upgraded(11),
      ],
    },
    {
      when: 'a host goes back to the order of an earlier leader',
      entries: [
        ...starts(1, 'n2'),
        leads(5, 'n1'),
        orders(6, 'n2', TASK, { term: 5 }),
        leads(9, 'n2'),
        orders(10, 'n2', 'upgrade-kubelet', { term: 9 }),
        runs(11, 'n2', UPGRADE.replace(TASK, 'upgrade-kubelet')),
        upgraded(12),
      ],
    },
  ],
  sound: [
    {
      when: 'the next leader gives the same order under its own term',
      entries: [
        ...starts(1, 'n2'),
        leads(5, 'n1'),
        orders(6, 'n2', TASK, { term: 5 }),
        leads(9, 'n2'),
        upgraded(10),
        orders(11, 'n2', TASK, { term: 9 }),
        upgraded(12),
      ],
    },
  ],
});

tellApart('S24', {
  broken: [
    {
      when: 'an order is gone on with that was told to be done',
      entries: [...starts(1, 'n2'), tells(2, 'n2', TASK, 'done'), upgraded(3)],
    },
    {
      when: 'an order that failed is told to be under way',
      entries: [tells(1, 'n2', TASK, 'failed'), tells(2, 'n2', TASK, 'under-way')],
    },
  ],
  sound: [
    {
      when: 'its command is begun anew before the end',
      entries: [
        ...starts(1, 'n2'),
        tells(2, 'n2', TASK, 'under-way'),
        upgraded(3),
        world(4, 'n2', 'power.cut'),
        upgraded(5),
        tells(6, 'n2', TASK, 'done'),
      ],
    },
  ],
});

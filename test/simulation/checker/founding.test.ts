import {
  assigns,
  at,
  faulty,
  forms,
  OTHER_CLUSTER,
  operates,
  runs,
  starts,
  world,
} from './entries.ts';
import { tellApart } from './tell-apart.ts';

const INIT = 'kubeadm-1-init: kubeadm init --config f';
const AGAIN = 'kubeadm-2-init: kubeadm init --config f';
const RESET = 'reset-1-init: kubeadm reset --force';

tellApart('S1', {
  broken: [
    {
      when: 'two machines hold different clusters',
      entries: [forms(1, 'n1'), forms(2, 'n2', { clusterId: OTHER_CLUSTER })],
    },
    {
      when: 'two machines hold different records of one epoch',
      entries: [forms(1, 'n1'), forms(2, 'n2', { firstControlPlane: 'bbbbbbbbbbb' })],
    },
    {
      when: 'one machine forgets its record and founds another cluster',
      entries: [
        ...starts(1, 'n1'),
        forms(1, 'n1'),
        ...starts(2, 'n1'),
        forms(3, 'n1', { clusterId: OTHER_CLUSTER }),
      ],
    },
    {
      when: 'too few were set back for another majority',
      entries: [
        ...starts(1, 'n1', 'n2'),
        forms(2, 'n1'),
        world(3, 'n2', 'state.set-back'),
        forms(4, 'n2', { clusterId: OTHER_CLUSTER }),
      ],
    },
  ],
  sound: [
    { when: 'all hold the same record', entries: [forms(1, 'n1'), forms(2, 'n2'), forms(3, 'n1')] },
    {
      when: 'the log is founded anew in the next epoch',
      entries: [forms(1, 'n1'), forms(2, 'n1', { epoch: 2 }), forms(3, 'n2')],
    },
    {
      when: 'a majority was set back to before it knew of its cluster',
      entries: [
        ...starts(1, 'n1', 'n2', 'n3'),
        ...['n1', 'n2', 'n3'].map((host) => forms(2, host)),
        ...['n1', 'n2', 'n3'].map((host) => world(3, host, 'state.set-back')),
        forms(5, 'n2', { clusterId: OTHER_CLUSTER }),
      ],
    },
    {
      when: 'machines of two tokens found a cluster each',
      entries: [
        at(1, 'n1', { type: 'agent.started', nodeId: 'aaaaaaaaaaa', life: 1, token: 'one' }),
        at(1, 'n2', { type: 'agent.started', nodeId: 'bbbbbbbbbbb', life: 1, token: 'two' }),
        forms(2, 'n1'),
        forms(2, 'n2', { clusterId: OTHER_CLUSTER }),
      ],
    },
  ],
});

tellApart('S2', {
  broken: [
    { when: 'two hosts run init', entries: [runs(1, 'n1', INIT), runs(2, 'n2', INIT)] },
    {
      when: 'the attempt before was not given up',
      entries: [runs(1, 'n1', INIT), world(2, 'n1', 'power.cut'), runs(3, 'n1', AGAIN)],
    },
    {
      when: 'the etcd of the attempt before still stands',
      entries: [
        runs(1, 'n1', INIT),
        world(2, 'n1', 'cluster.founded', 'e1'),
        world(3, 'n1', 'operation.ended', 'kubeadm-1-init: failed with 1'),
        operates(4, 'n1', 'init', 'intended', { failures: 1 }),
        runs(5, 'n1', AGAIN),
      ],
    },
    {
      when: 'the cluster was founded',
      entries: [runs(1, 'n1', INIT), operates(2, 'n1', 'init', 'succeeded'), runs(3, 'n1', AGAIN)],
    },
    {
      when: 'an etcd cluster begins where no init ran',
      entries: [runs(1, 'n1', INIT), world(2, 'n2', 'cluster.founded', 'e2')],
    },
  ],
  sound: [
    {
      when: 'the host wiped its etcd and said that it begins anew',
      entries: [
        operates(1, 'n1', 'init', 'running'),
        runs(2, 'n1', INIT),
        world(3, 'n1', 'cluster.founded', 'e1'),
        world(4, 'n1', 'operation.ended', 'kubeadm-1-init: failed with 1'),
        operates(5, 'n1', 'init', 'resetting', { failures: 1 }),
        runs(6, 'n1', RESET),
        world(7, 'n1', 'operation.ended', 'reset-1-init: succeeded'),
        operates(8, 'n1', 'init', 'intended', { failures: 1 }),
        runs(9, 'n1', AGAIN),
      ],
    },
    {
      when: 'a single phase of init runs once more',
      entries: [runs(1, 'n1', INIT), runs(2, 'n1', 'certs: kubeadm init phase upload-certs')],
    },
  ],
});

tellApart('S11', {
  broken: [
    {
      when: 'one of three founds a cluster alone',
      entries: [...starts(1, 'n1'), forms(2, 'n1')],
    },
    {
      when: 'the other two started behind a cut cable',
      entries: [
        ...starts(1, 'n1'),
        world(1, 'n1', 'network.cut', 'n2'),
        world(1, 'n1', 'network.cut', 'n3'),
        ...starts(1, 'n2', 'n3'),
        forms(2, 'n1'),
      ],
    },
    {
      when: 'a host without the log resets itself though it served',
      entries: [
        at(1, '*', { type: 'log.quorum', log: 'l', works: true, reachedFrom: ['n1'] }),
        ...starts(1, 'n2'),
        assigns(2, 'n2', 'join-worker'),
        operates(3, 'n2', 'join-worker', 'succeeded'),
        runs(20, 'n2', 'reset-1-x: kubeadm reset --force'),
      ],
    },
  ],
  sound: [
    {
      when: 'two of three found it',
      entries: [...starts(1, 'n1', 'n2'), forms(2, 'n1')],
    },
    {
      when: 'the cable between them was mended before',
      entries: [
        ...starts(1, 'n1'),
        world(1, 'n1', 'network.cut', 'n2'),
        ...starts(1, 'n2'),
        world(2, 'n1', 'network.healed', 'n2'),
        forms(3, 'n1'),
      ],
    },
    {
      when: 'a host without the log cleans what never served',
      entries: [
        ...starts(1, 'n2'),
        operates(2, 'n2', 'join-worker', 'resetting', { failures: 1 }),
        runs(20, 'n2', 'reset-1-x: kubeadm reset --force'),
      ],
    },
  ],
});

tellApart('S15', {
  broken: [
    {
      when: 'a host goes over to another cluster',
      entries: [forms(1, 'n1'), forms(2, 'n1', { clusterId: OTHER_CLUSTER })],
    },
    {
      when: 'hosts of two clusters are members of one etcd',
      entries: [
        forms(1, 'n1'),
        forms(1, 'n2', { clusterId: OTHER_CLUSTER }),
        at(2, '*', {
          type: 'etcd.members',
          cluster: 'e1',
          members: ['n1', 'n2'].map((host) => {
            return { name: host, host, learner: false, started: true, healthy: true };
          }),
          serves: true,
        }),
      ],
    },
  ],
  sound: [
    {
      when: 'its disk was wiped before',
      entries: [
        forms(1, 'n1'),
        world(2, 'n1', 'disk.wiped'),
        forms(3, 'n1', { clusterId: OTHER_CLUSTER }),
      ],
    },
  ],
});

tellApart('S19', {
  broken: [
    {
      when: 'a power cut leaves a damaged file',
      entries: [
        ...starts(1, 'n1'),
        world(2, 'n1', 'power.cut'),
        at(3, 'n1', { type: 'agent.failed', life: 2, code: 'state.corrupted' }),
      ],
    },
    {
      when: 'a host with a damaged state founds a cluster',
      entries: [
        faulty(1, 'n1', 'state-damaged'),
        at(2, 'n1', { type: 'agent.failed', life: 2, code: 'state.corrupted' }),
        forms(3, 'n1'),
      ],
    },
  ],
  sound: [
    {
      when: 'somebody damaged the disk, and the host learns its cluster from the others',
      entries: [
        forms(1, 'n2'),
        faulty(1, 'n1', 'state-damaged'),
        at(2, 'n1', { type: 'agent.failed', life: 2, code: 'state.corrupted' }),
        forms(3, 'n1'),
      ],
    },
  ],
});

import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/enrolment/decide.ts';
import type { Departure } from '../../../src/state/departure.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  liveness,
  node,
} from '../../support/controllers-entries.ts';

const alone: Observed = {
  record: node(1),
  roundTripMs: undefined,
  localVolumes: undefined,
  nodes: [],
  livenesses: [],
  leases: [],
  watchedMs: 60_000,
  assignment: undefined,
  departure: undefined,
};
const namesake = entry('node', node(2, { hostname: 'n1' }), 3);
const clone = entry('node', node(2, { machineIdHash: node(1).machineIdHash }), 3);
const former = entry('node', node(2, { hostname: 'n1', machineIdHash: node(1).machineIdHash }), 3);
const judgedDead = [entry('liveness', liveness(2, { verdict: 'dead' }))];
const renamed = { record: node(1, { hostname: 'n9' }), nodes: [entry('node', node(1), 7)] };
const retired = assignment(1, { task: 'retire', role: 'spare', operationId: 'retire-1' });
const departed: Departure = {
  nodeId: id(1),
  incarnation: 1,
  operationId: 'retire-1',
  by: id(2),
  state: 'done',
  waiting: null,
};
const renameIt = {
  type: 'enrol',
  record: node(1, { hostname: 'n9' }),
  ifRevision: 7,
};
const waitAsRenamed = {
  type: 'requeue',
  afterMs: 5_000,
  waiting: {
    reason: 'renamed',
    message:
      'this machine is called n9 now, and a Node of Kubernetes can not be renamed: call it n1 ' +
      'again (hostnamectl set-hostname n1, or start civitas with --hostname n1); to keep the new ' +
      'name, then let it leave (civitas leave), empty its state directory and start civitas again, ' +
      'as a new node',
  },
};
const beat = (ageMs: number) => [{ nodeId: id(2), incarnation: 1, ageMs }];

const waitForName = {
  type: 'requeue',
  afterMs: 5_000,
  waiting: {
    reason: 'twin-node',
    message:
      `this node (${id(1)}) has the hostname of n1 (${id(2)}) at 10.0.0.2, which may be alive: ` +
      'give this machine another hostname, or stop civitas there for 30 s',
  },
};

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: unknown;
}

describe('enrolment.decide', () => {
  test.each<Row>([
    {
      when: 'the node is not enrolled',
      observed: { nodes: [entry('node', node(2))] },
      actions: [{ type: 'enrol', record: node(1), ifRevision: 0 }],
    },
    {
      when: 'the node is enrolled as it is',
      observed: { nodes: [entry('node', node(1))] },
      actions: [],
    },
    {
      when: 'the node moved to another address',
      observed: {
        record: node(1, { addresses: ['10.0.0.9'] }),
        nodes: [entry('node', node(1), 7)],
      },
      actions: [{ type: 'enrol', record: node(1, { addresses: ['10.0.0.9'] }), ifRevision: 7 }],
    },
    {
      when: 'only its capacity was measured otherwise',
      observed: {
        record: node(1, { capacity: { cpus: 4, memoryMiB: 8_191, fsyncP99Ms: 3 } }),
        nodes: [entry('node', node(1))],
      },
      actions: [],
    },
    {
      when: 'it turns out to be near to the others, as everybody is who told nothing',
      observed: { nodes: [entry('node', node(1))], roundTripMs: 2 },
      actions: [],
    },
    {
      when: 'it turns out to be far from the others',
      observed: { nodes: [entry('node', node(1), 7)], roundTripMs: 30 },
      actions: [{ type: 'enrol', record: node(1, { distance: 'far' }), ifRevision: 7 }],
    },
    {
      when: 'it is as far from the others as it was, but for some noise',
      observed: { nodes: [entry('node', node(1, { distance: 'far' }))], roundTripMs: 9 },
      actions: [],
    },
    {
      when: 'it does not know yet how far it is',
      observed: { nodes: [entry('node', node(1, { distance: 'far' }))] },
      actions: [],
    },
    {
      when: 'it is near to the others again',
      observed: { nodes: [entry('node', node(1, { distance: 'far' }), 7)], roundTripMs: 2 },
      actions: [{ type: 'enrol', record: node(1, { distance: 'near' }), ifRevision: 7 }],
    },
    {
      when: 'its pods have used local volumes for five minutes',
      observed: {
        nodes: [entry('node', node(1), 7)],
        localVolumes: { inUse: true, forMs: 300_000 },
      },
      actions: [{ type: 'enrol', record: node(1, { localVolumes: true }), ifRevision: 7 }],
    },
    {
      when: 'its pods have just begun to use local volumes',
      observed: { nodes: [entry('node', node(1))], localVolumes: { inUse: true, forMs: 299_999 } },
      actions: [],
    },
    {
      when: 'its pods use local volumes as it has told',
      observed: {
        nodes: [entry('node', node(1, { localVolumes: true }))],
        localVolumes: { inUse: true, forMs: 900_000 },
      },
      actions: [],
    },
    {
      when: 'it has never had local volumes, and says nothing of them',
      observed: { nodes: [entry('node', node(1))], localVolumes: { inUse: false, forMs: 900_000 } },
      actions: [],
    },
    {
      when: 'it has just begun to be without local volumes',
      observed: {
        nodes: [entry('node', node(1, { localVolumes: true }))],
        localVolumes: { inUse: false, forMs: 299_999 },
      },
      actions: [],
    },
    {
      when: 'it has been without local volumes for five minutes',
      observed: {
        nodes: [entry('node', node(1, { localVolumes: true, distance: 'far' }), 7)],
        localVolumes: { inUse: false, forMs: 300_000 },
      },
      actions: [{ type: 'enrol', record: node(1, { distance: 'far' }), ifRevision: 7 }],
    },
    {
      when: 'it can not see whether it has local volumes, which it had',
      observed: { nodes: [entry('node', node(1, { localVolumes: true }))] },
      actions: [],
    },
    {
      when: 'the machine enrols as a new incarnation',
      observed: {
        record: node(1, { incarnation: 2, capacity: { cpus: 8, memoryMiB: 1, fsyncP99Ms: 3 } }),
        nodes: [entry('node', node(1), 7)],
      },
      actions: [
        {
          type: 'enrol',
          record: node(1, {
            incarnation: 2,
            capacity: { cpus: 8, memoryMiB: 1, fsyncP99Ms: 3 },
          }),
          ifRevision: 7,
        },
      ],
    },
    {
      when: 'the state directory is an old copy',
      observed: { nodes: [entry('node', node(1, { incarnation: 2 }))] },
      actions: [
        {
          type: 'requeue',
          afterMs: 5_000,
          waiting: {
            reason: 'old-copy',
            message:
              `this state directory is an old copy: it says incarnation 1 of node ${id(1)}, which ` +
              'has enrolled as incarnation 2 since; run `kubeadm reset`, empty it and start civitas under a new --hostname and machine id, as another node',
          },
        },
      ],
    },
    {
      when: 'a living node has its name',
      observed: { nodes: [namesake], leases: beat(1_000) },
      actions: [waitForName],
    },
    {
      when: 'a node that has its name is 29 s silent',
      observed: { nodes: [namesake], leases: beat(29_999) },
      actions: [waitForName],
    },
    {
      when: 'a node that has its name was not heard of yet',
      observed: { nodes: [namesake], watchedMs: 5_000 },
      actions: [waitForName],
    },
    {
      when: 'a node that had its name is dead',
      observed: { nodes: [namesake], leases: beat(30_000) },
      actions: [{ type: 'enrol', record: node(1), ifRevision: 0 }],
    },
    {
      when: 'a node that had its name was never heard of',
      observed: { nodes: [namesake] },
      actions: [{ type: 'enrol', record: node(1), ifRevision: 0 }],
    },
    {
      when: 'a node that has its name was never heard of, and the leader found it dead',
      observed: { nodes: [namesake], watchedMs: 5_000, livenesses: judgedDead },
      actions: [{ type: 'enrol', record: node(1), ifRevision: 0 }],
    },
    {
      when: 'a node that has its name is 25 s silent, and the leader found it dead',
      observed: { nodes: [namesake], leases: beat(25_000), livenesses: judgedDead },
      actions: [{ type: 'enrol', record: node(1), ifRevision: 0 }],
    },
    {
      when: 'a node that has its name was just heard, and had been found dead before',
      observed: { nodes: [namesake], leases: beat(1_000), livenesses: judgedDead },
      actions: [waitForName],
    },
    {
      when: 'an earlier incarnation of a node that has its name was found dead',
      observed: {
        nodes: [entry('node', node(2, { hostname: 'n1', incarnation: 2 }), 3)],
        watchedMs: 5_000,
        livenesses: judgedDead,
      },
      actions: [waitForName],
    },
    {
      when: 'its disk was emptied, and what it was before may live',
      observed: { nodes: [former], leases: beat(1_000) },
      actions: [
        {
          type: 'requeue',
          afterMs: 5_000,
          waiting: {
            reason: 'twin-node',
            message:
              `this node (${id(1)}) has the hostname of n1 (${id(2)}) at 10.0.0.2, which may be ` +
              'alive: if that was this machine before its disk was emptied, wait until it is known ' +
              'to be dead; else give this one another hostname and its own machine-id (rm ' +
              '/etc/machine-id && systemd-machine-id-setup)',
          },
        },
      ],
    },
    { when: 'it is renamed and has no role', observed: renamed, actions: [renameIt] },
    {
      when: 'it is renamed and stands by',
      observed: { ...renamed, assignment: assignment(1, { task: 'stand-by', role: 'spare' }) },
      actions: [renameIt],
    },
    {
      when: 'it is renamed and has retired',
      observed: { ...renamed, assignment: retired, departure: departed },
      actions: [renameIt],
    },
    {
      when: 'it is renamed as a worker',
      observed: { ...renamed, assignment: assignment(1) },
      actions: [waitAsRenamed],
    },
    {
      when: 'it is renamed as a control plane',
      observed: { ...renamed, assignment: controlPlaneAssignment(1) },
      actions: [waitAsRenamed],
    },
    {
      when: 'it is renamed before it has retired',
      observed: {
        ...renamed,
        assignment: retired,
        departure: { ...departed, state: 'under-way' },
      },
      actions: [waitAsRenamed],
    },
    {
      when: 'it is renamed, and an earlier departure is done',
      observed: {
        ...renamed,
        assignment: retired,
        departure: { ...departed, operationId: 'retire-0' },
      },
      actions: [waitAsRenamed],
    },
    {
      when: 'a living node is a clone of this machine',
      observed: { nodes: [clone], leases: beat(1_000) },
      actions: [
        {
          type: 'requeue',
          afterMs: 5_000,
          waiting: {
            reason: 'twin-node',
            message:
              `this node (${id(1)}) has the machine id of n2 (${id(2)}) at 10.0.0.2, which may be ` +
              'alive: give this machine its own machine-id (rm /etc/machine-id && ' +
              'systemd-machine-id-setup), or stop civitas there for 30 s',
          },
        },
      ],
    },
    {
      when: 'it takes a new name that a living node has',
      observed: {
        record: node(1, { hostname: 'n2' }),
        nodes: [entry('node', node(1)), entry('node', node(2))],
        leases: beat(0),
      },
      actions: [
        {
          type: 'requeue',
          afterMs: 5_000,
          waiting: {
            reason: 'twin-node',
            message:
              `this node (${id(1)}) has the hostname of n2 (${id(2)}) at 10.0.0.2, which may be ` +
              'alive: give this machine another hostname, or stop civitas there for 30 s',
          },
        },
      ],
    },
    {
      when: 'a newcomer slipped in under its name, and it moves to another address',
      observed: {
        record: node(1, { addresses: ['10.0.0.9'] }),
        nodes: [entry('node', node(1), 2), namesake],
        leases: beat(0),
      },
      actions: [{ type: 'enrol', record: node(1, { addresses: ['10.0.0.9'] }), ifRevision: 2 }],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...alone, ...observed })).toEqual(actions);
  });
});

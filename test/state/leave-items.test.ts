import { describe, expect, test } from '@jest/globals';
import { type Leaving, leaveItems } from '../../src/state/leave-items.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  served,
  status,
} from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

const nothing = { replicas: [], balancerServers: [], cniPodCidr: null, masqueradeFor: null };
const retire = assignment(2, { operationId: 'retire-1', task: 'retire', role: 'spare' });
const handover = {
  nodeId: id(2),
  operationId: 'join',
  attempt: 1,
  sponsor: id(1),
  tokenId: 'abcdef',
  expiresWallMs: 0,
  sealed: { ephemeralKey: '', nonce: '', ciphertext: '' },
};

/** `name: message`, with a mark before what is done. */
function told(leaving: Omit<Leaving, 'replicaNodes' | 'handover'> & Partial<Leaving>): string[] {
  const items = leaveItems({ replicaNodes: [id(1)], handover: undefined, ...leaving });
  return items.map(({ name, done, message }) => `${done ? '+' : '-'} ${name}: ${message}`);
}

describe('a departure', () => {
  test('of a control plane has all of it before it', () => {
    const given = controlPlaneAssignment(2);
    expect(
      told({
        facts: facts(2, { assignment: given, status: served(given), leaving: true }),
        replicaNodes: [id(1), id(2), id(3)],
        handover,
        host: {
          replicas: ['b-1 runs'],
          balancerServers: [id(1), id(2)],
          cniPodCidr: '10.244.2.0/24',
          masqueradeFor: '10.244.0.0/16',
        },
      }),
    ).toEqual([
      '- role: it is a control-plane',
      '- etcd member: a voter',
      '- Node: its Node is there',
      '- replica of the log: the log still counts on one here, b-1 runs',
      '- load balancers: they may still send requests here',
      '- tokens: token abcdef is under way to it',
      '- CNI: configured for 10.244.2.0/24',
      '- nftables: pods of 10.244.0.0/16 are masqueraded',
      '- host: it is serving',
    ]);
  });

  test('whose sponsor has not seen yet that all is gone is not believed', () => {
    const given = facts(2, { assignment: retire, status: status(2, { phase: 'spare' }) });
    const open = told({ facts: given, host: nothing }).filter((line) => line.startsWith('-'));
    expect(open).toEqual([
      '- etcd member: nobody has confirmed yet that it is gone',
      '- Node: its Node is there',
      '- load balancers: they may still send requests here',
      '- host: it is spare',
    ]);
  });

  test('goes on while this host itself shows what the sponsor saw gone', () => {
    const kubernetes = { ...status(2).kubernetes, etcdMember: 'voter' as const };
    const given = {
      assignment: retire,
      departed: true,
      status: status(2, { phase: 'spare', kubernetes }),
    };
    const host = { ...nothing, balancerServers: [id(2)] };
    const open = told({ facts: facts(2, given), host }).filter((line) => line.startsWith('-'));
    expect(open).toEqual([
      '- etcd member: a voter',
      '- load balancers: they may still send requests here',
    ]);
  });

  test.each([
    {
      when: 'the sponsor saw that all is gone, and the host is clean',
      given: { assignment: retire, departed: true },
    },
    { when: 'the node never had a role', given: {} },
  ])('is over when $when', ({ given }) => {
    const leaving = facts(2, { ...given, status: status(2, { phase: 'spare' }), leaving: true });
    expect(told({ facts: leaving, host: nothing })).toEqual([
      '+ role: it has no role',
      '+ etcd member: etcd has no member here',
      '+ Node: Kubernetes knows no Node of it',
      '+ replica of the log: none is here',
      '+ load balancers: none sends anything here',
      '+ tokens: none is under way to it',
      '+ CNI: no configuration of ours is left',
      '+ nftables: no rule of ours is left',
      '+ host: it stands by',
    ]);
  });
});

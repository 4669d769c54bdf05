import { describe, expect, test } from '@jest/globals';
import { type LogHost, proposeRecord } from '../../src/formation/propose-record.ts';
import { genesisRecordSchema } from '../../src/state/genesis-record.ts';
import { nodeIdOf, spec } from './builders.ts';

const facts = {
  clusterId: '2f1e6a3c-8d7b-4c5a-9e0f-1a2b3c4d5e6f',
  epoch: 1,
  expectedNodes: 3,
  spec,
  enrolmentCa: 'PEM',
};

const host = (number: number, zone = ''): LogHost => ({
  nodeId: nodeIdOf(number),
  address: `192.0.2.${number}`,
  logPortBase: 7950,
  zone,
});

/** Replicas as `number of the node:client port:route port`. */
function placed(hosts: readonly [LogHost, ...LogHost[]]): readonly string[] {
  const record = genesisRecordSchema.parse(proposeRecord({ ...facts, hosts }));
  return record.replicas.map(
    ({ address, clientPort, routePort }) => `${address.split('.')[3]}:${clientPort}:${routePort}`,
  );
}

describe('proposeRecord', () => {
  test.each<{ when: string; hosts: [LogHost, ...LogHost[]]; replicas: string[] }>([
    {
      when: 'there is one node',
      hosts: [host(1)],
      replicas: ['1:7950:7951', '1:7952:7953', '1:7954:7955'],
    },
    {
      when: 'there are two nodes',
      hosts: [host(1), host(2)],
      replicas: ['1:7950:7951', '2:7950:7951', '1:7952:7953'],
    },
    {
      when: 'there are three nodes',
      hosts: [host(1), host(2), host(3)],
      replicas: ['1:7950:7951', '2:7950:7951', '3:7950:7951'],
    },
    {
      when: 'there are more nodes',
      hosts: [host(3), host(1), host(2), host(4)],
      replicas: ['3:7950:7951', '1:7950:7951', '2:7950:7951'],
    },
    {
      when: 'nodes stand in three zones',
      hosts: [host(1, 'a'), host(2, 'a'), host(3, 'b'), host(4, 'b'), host(5, 'c')],
      replicas: ['1:7950:7951', '3:7950:7951', '5:7950:7951'],
    },
    {
      when: 'nodes stand in two zones',
      hosts: [host(1, 'a'), host(2, 'a'), host(3, 'a'), host(4, 'b')],
      replicas: ['1:7950:7951', '4:7950:7951', '2:7950:7951'],
    },
  ])('spreads the replicas when $when', ({ hosts, replicas }) => {
    expect(placed(hosts)).toEqual(replicas);
  });

  test('names the servers by node and number, and the first host as first control plane', () => {
    const record = proposeRecord({ ...facts, hosts: [host(2), host(1)] });
    expect(record.replicas.map(({ serverName }) => serverName)).toEqual([
      `${nodeIdOf(2)}-1`,
      `${nodeIdOf(1)}-2`,
      `${nodeIdOf(2)}-3`,
    ]);
    expect(record.firstControlPlane).toBe(nodeIdOf(2));
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Liveness } from '../../src/state/liveness.ts';
import type { Node } from '../../src/state/node.ts';
import { wipedBy } from '../../src/state/wiped.ts';
import { entry, id, liveness, node } from '../support/controllers-entries.ts';

const { hostname, machineIdHash, addresses } = node(1);
const OTHER_ID = 'f'.repeat(64);

interface Row {
  when: string;
  old?: Partial<Liveness> | null;
  newcomer?: Partial<Node>;
  revision?: number;
  wiped: boolean;
}

describe('a dead node', () => {
  test.each<Row>([
    { when: 'the same machine enrolled after it', wiped: true },
    {
      when: 'another machine of that name enrolled after it',
      newcomer: { machineIdHash: OTHER_ID },
      wiped: false,
    },
    {
      when: 'its machine enrolled after it, with a system that was installed anew',
      newcomer: { machineIdHash: OTHER_ID, addresses },
      wiped: true,
    },
    {
      when: 'another machine has its address now',
      newcomer: { hostname: 'n9', machineIdHash: OTHER_ID, addresses },
      wiped: false,
    },
    {
      when: 'a machine of that id but another name did',
      newcomer: { hostname: 'n9' },
      wiped: false,
    },
    { when: 'the same machine had enrolled before it', revision: 2, wiped: false },
    { when: 'it is alive after all', old: { verdict: 'alive' }, wiped: false },
    { when: 'it is only suspected', old: { verdict: 'suspect' }, wiped: false },
    { when: 'nobody judged it', old: null, wiped: false },
    { when: 'an earlier incarnation of it was judged', old: { incarnation: 2 }, wiped: false },
  ])('is gone for good ($wiped) when $when', ({ old = {}, newcomer = {}, revision = 9, wiped }) => {
    const verdict = liveness(1, { verdict: 'dead', ...old });
    const nodes = [
      entry('node', node(1), 5),
      entry('node', node(2, { hostname, machineIdHash, ...newcomer }), revision),
    ];
    const livenesses = old === null ? [] : [entry('liveness', verdict)];
    expect([...wipedBy({ nodes, livenesses })]).toEqual(wiped ? [[id(1), id(2)]] : []);
  });
});

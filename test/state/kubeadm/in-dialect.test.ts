import { describe, expect, test } from '@jest/globals';
import { inDialect } from '../../../src/state/kubeadm/in-dialect.ts';
import { type Fields, kubeadmDialect } from '../../../src/state/kubeadm/kubeadm-dialect.ts';

const byName = { v: '4', profiling: null };
const listed = [
  { name: 'v', value: '4' },
  { name: 'profiling', value: null },
];

interface Row {
  readonly what: string;
  readonly minor: number;
  readonly patch: Fields;
  readonly read: Fields;
}

describe('what people wrote for kubeadm', () => {
  test.each<Row>([
    {
      what: 'arguments by name become a list for v1beta4',
      minor: 34,
      patch: { apiServer: { extraArgs: byName, certSANs: ['a'] }, etcd: { local: {} } },
      read: { apiServer: { extraArgs: listed, certSANs: ['a'] }, etcd: { local: {} } },
    },
    {
      what: 'a list of arguments is one by name for v1beta3',
      minor: 30,
      patch: { scheduler: { extraArgs: listed } },
      read: { scheduler: { extraArgs: byName } },
    },
    {
      what: 'arguments named twice stay so',
      minor: 34,
      patch: { extraArgs: [...listed, ...listed] },
      read: { extraArgs: [...listed, ...listed] },
    },
    {
      what: 'what is neither form is left to kubeadm',
      minor: 30,
      patch: { apiServer: { extraArgs: ['--v=4'] }, scheduler: { extraArgs: 'v' } },
      read: { apiServer: { extraArgs: ['--v=4'] }, scheduler: { extraArgs: 'v' } },
    },
  ])('$what', ({ minor, patch, read }) => {
    expect(inDialect(patch, kubeadmDialect({ minor, patch: 0 }))).toEqual(read);
  });
});

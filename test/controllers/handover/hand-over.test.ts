import { describe, expect, test } from '@jest/globals';
import { handOver } from '../../../src/controllers/handover/hand-over.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { Etcd } from '../../../src/ports/etcd.ts';
import type { Kube } from '../../../src/ports/kube.ts';
import type { Store } from '../../../src/ports/store.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

const JOIN = {
  nodeId: 'bbbbbbbbbbb',
  operationId: 'join-worker-1',
  task: 'join-worker',
  sealKey: 'key',
  hostname: 'n2',
  addresses: ['10.0.0.2'],
  attempt: 3,
  awaitsKeys: true,
} as const;
const REMAINS = { node: { name: 'n2', uid: 'uid-n2' }, memberId: 'bb' };

type Step = readonly [what: string, ...details: unknown[]];

/** A sponsor that writes down what it does to the world; its first write meets `revision`. */
function sponsor(revision: number, left = 'aa') {
  const steps: Step[] = [];
  let current = revision;
  const store: Partial<Store> = {
    put: async (_kind, _key, value, ifRevision) => {
      if (ifRevision !== current) throw new RetryableError('store.conflict', 'moved');
      current += 1;
      steps.push(['put', 'attempt' in value && value.attempt, ifRevision]);
      return current;
    },
  };
  const kube: Partial<Kube> = {
    deleteNode: async (name, uid) => void steps.push(['delete node', name, uid]),
    createBootstrapToken: async () => void steps.push(['create token']),
  };
  const etcd: Partial<Etcd> = {
    members: async () => [{ id: left, name: '', peerUrls: [], learner: false }],
    removeMember: async (id) => {
      steps.push(['remove member', id]);
      return left === id ? { outcome: 'refused', text: 'unhealthy' } : { outcome: 'done' };
    },
  };
  const ports = portsIn(createWorld(), {
    store: store as Store,
    etcd: etcd as Etcd,
    kube: kube as Kube,
    files: { read: async () => 'certificate' } as never,
    random: { number: () => 0, bytes: (length) => new Uint8Array(length) },
    sealer: {
      seal: () => ({ ephemeralKey: 'e', nonce: 'n', ciphertext: 'c' }),
      open: () => '',
    },
  });
  return { ports, steps };
}

describe('handing over to a host whose earlier attempt left something', () => {
  test('claims the entry, removes member and Node, and only then gives keys for the attempt', async () => {
    const { ports, steps } = sponsor(30);
    await handOver({ type: 'hand-over', join: JOIN, ifRevision: 30, remains: REMAINS }, ports);
    expect(steps).toEqual([
      ['put', 2, 30],
      ['remove member', 'bb'],
      ['delete node', 'n2', 'uid-n2'],
      ['create token'],
      ['put', 3, 31],
    ]);
  });

  test('removes nothing when somebody handed over meanwhile: it may be of that attempt', async () => {
    const { ports, steps } = sponsor(31);
    const action = {
      type: 'hand-over',
      join: JOIN,
      ifRevision: 30,
      remains: REMAINS,
    } as const;
    await expect(handOver(action, ports)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(steps).toEqual([]);
  });

  test('gives no keys while etcd counts on a member that is gone', async () => {
    const { ports, steps } = sponsor(30, 'bb');
    const action = { type: 'hand-over', join: JOIN, ifRevision: 30, remains: REMAINS } as const;
    await expect(handOver(action, ports)).rejects.toMatchObject({ code: 'handover.member-stays' });
    expect(steps).toEqual([
      ['put', 2, 30],
      ['remove member', 'bb'],
    ]);
  });

  test('writes once when there is nothing to remove', async () => {
    const { ports, steps } = sponsor(30);
    await handOver({ type: 'hand-over', join: JOIN, ifRevision: 30 }, ports);
    expect(steps).toEqual([['create token'], ['put', 3, 30]]);
  });
});

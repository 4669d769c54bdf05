import { describe, expect, test } from '@jest/globals';
import { act } from '../../../src/controllers/etcd/act.ts';
import type { Action } from '../../../src/controllers/etcd/action.ts';
import { writeProgress } from '../../../src/machines/operation-progress.ts';
import type { Etcd, EtcdChange, EtcdMember } from '../../../src/ports/etcd.ts';
import type { Kube } from '../../../src/ports/kube.ts';
import { id } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

const reasons = { action: 'x', summary: 'it is due', guards: [], rejected: [] };
const about = { nodeId: id(3), hostname: 'n3' };
const why = { about, operationId: 'join-3', reasons };
const promote: Action = { type: 'promote-learner', memberId: 'm3', untilMs: 1_000, ...why };
const drop: Action = { type: 'drop-learner', memberId: 'm3', ...why };
const move: Action = {
  type: 'update-peer-url',
  memberId: 'm3',
  peerUrl: 'https://10.0.0.9:2380',
  ...why,
};
const mark: Action = { type: 'mark-control-plane', hostname: 'n3', ...why };

const DONE: EtcdChange = { outcome: 'done' };
const refused = (text: string): EtcdChange => ({ outcome: 'refused', text: `etcdserver: ${text}` });

interface Given {
  readonly answer?: EtcdChange;
  readonly learner?: boolean;
  readonly state?: 'running' | 'verifying' | 'resetting';
  readonly nowMs?: number;
}

/** What a control plane does for an action, and what it writes down. */
async function carryOut(action: Action, given: Given = {}) {
  const { answer = DONE, learner = true, state = 'verifying', nowMs = 500 } = given;
  const done: string[] = [];
  const world = createWorld();
  world.nowMs = nowMs;
  const snapshot = writeProgress({ state, failures: 0, outcome: 'failed', reason: null });
  const operation = { operationId: 'join-3', nodeId: id(3), incarnation: 1, term: 1 };
  await world.store.set('operation', 'join-3', {
    ...operation,
    task: 'join-control-plane',
    snapshot,
  });
  const change = (name: string) => async (memberId: string) => {
    done.push(`${name} ${memberId}`);
    return answer;
  };
  const member: EtcdMember = { id: 'm3', name: '', peerUrls: [], learner };
  const etcd: Partial<Etcd> = {
    members: async () => [member],
    promoteMember: change('promote'),
    removeMember: change('remove'),
    updatePeerUrl: change('update'),
  };
  const kube: Partial<Kube> = {
    addTaint: async (node, { key }) => void done.push(`taint ${node} ${key}`),
    setLabels: async (node, labels) =>
      void done.push(`label ${node} ${Object.keys(labels).join(' ')}`),
  };
  const ports = portsIn(world, { etcd: etcd as Etcd, kube: kube as Kube });
  const error = await act(action, ports).catch(({ code }: { readonly code: string }) => code);
  return { done, error, events: world.store.list('event').length };
}

describe('a control plane', () => {
  test('promotes a learner whose host waits, and says why', async () => {
    expect(await carryOut(promote)).toEqual({ done: ['promote m3'], error: undefined, events: 1 });
  });

  test('looks again later when the learner is not in sync', async () => {
    const answer = refused('can only promote a learner member which is in sync with leader');
    expect(await carryOut(promote, { answer })).toEqual({
      done: ['promote m3'],
      error: undefined,
      events: 0,
    });
  });

  test.each<Given>([{ state: 'resetting' }, { state: 'running' }, { nowMs: 1_001 }])(
    'promotes nobody whose host may do something else by now: %j',
    async (given) => {
      expect(await carryOut(promote, given)).toEqual({ done: [], error: undefined, events: 0 });
    },
  );

  test('drops a learner, and says why', async () => {
    expect(await carryOut(drop)).toEqual({ done: ['remove m3'], error: undefined, events: 1 });
  });

  test('drops nobody who votes by now', async () => {
    expect(await carryOut(drop, { learner: false })).toEqual({
      done: [],
      error: undefined,
      events: 0,
    });
  });

  test('tells the others where a member is', async () => {
    expect(await carryOut(move)).toEqual({ done: ['update m3'], error: undefined, events: 1 });
  });

  test.each([promote, drop, move])('tells that etcd refused to $type', async (action) => {
    const { error } = await carryOut(action, { answer: refused('unhealthy cluster') });
    expect(error).toBe('etcd.change-refused');
  });

  test('marks a Node as kubeadm does, the label that others go by last', async () => {
    expect(await carryOut(mark)).toEqual({
      done: [
        'taint n3 node-role.kubernetes.io/control-plane',
        'label n3 node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers',
      ],
      error: undefined,
      events: 1,
    });
  });
});

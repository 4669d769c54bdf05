import type { Controller } from '../../runtime/controller.ts';
import { act } from './act.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { type Memory, observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Sees to members of etcd whose hosts can not: joins that kubeadm gave up on are finished by their
 * sponsor; learners of nobody are dropped, and members at other addresses told to the others, by the
 * control plane with the lowest node id of those that are whole.
 */
export function createEtcdController(): Controller<Observed, Action> {
  const memory: Memory = { running: [], ended: new Map(), orphans: new Map(), last: undefined };
  return {
    name: 'etcd',
    scope: 'node',
    inputs: ['assignment', 'operation', 'departure', 'liveness', 'node'],
    outputs: ['event'],
    settledLookMs: 30_000,
    observe: (ports) => observe(ports, memory),
    decide,
    act,
  };
}

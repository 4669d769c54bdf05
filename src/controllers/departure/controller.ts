import type { Controller } from '../../runtime/controller.ts';
import { act } from './act.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import type { Memory } from './memory.ts';
import { observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Sees nodes out of Kubernetes and etcd, on the control plane that the leader named for it. One per
 * process: it remembers for how long a node has been drained. Whatever step a sponsor died after, the
 * next one goes on from what it finds.
 */
export function createDeparture(): Controller<Observed, Action> {
  const memory: Memory = { stages: new Map(), leases: new Map() };
  return {
    name: 'departure',
    scope: 'node',
    inputs: ['assignment', 'departure', 'liveness', 'request', 'spec', 'status'],
    outputs: ['departure', 'event'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, memory),
    decide,
    act: (action, ports) => act(action, ports, memory),
  };
}

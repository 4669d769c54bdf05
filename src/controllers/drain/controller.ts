import type { Controller } from '../../runtime/controller.ts';
import { act } from './act.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import type { Memory } from './memory.ts';
import { observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Has nodes give their pods away for the orders that name this control plane as the sponsor, and takes
 * them back into service, always. One per process: it remembers for how long a node has been drained.
 * Whatever step a sponsor died after, the next one goes on from what it finds.
 */
export function createDrain(): Controller<Observed, Action> {
  const memory: Memory = { drains: new Map(), outdated: { epoch: '', nodes: new Map() } };
  return {
    name: 'drain',
    scope: 'node',
    inputs: [
      'assignment',
      'certificates',
      'drain',
      'liveness',
      'order',
      'progress',
      'spec',
      'status',
      'upkeep',
    ],
    outputs: ['drain', 'event'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, memory),
    decide,
    act,
  };
}

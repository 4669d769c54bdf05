import type { Controller } from '../../runtime/controller.ts';
import { act } from './act.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { createMemory, observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Keeps every node at what the spec says of release and configuration, its certificates young, and
 * drains whom people want drained: the only one that gives orders. One per process: it remembers for
 * how long it has seen control planes whole, and whom dead.
 */
export function createUpkeep(): Controller<Observed, Action> {
  const memory = createMemory();
  return {
    name: 'upkeep',
    scope: 'leader',
    turn: 'cluster-change',
    inputs: [
      'spec',
      'node',
      'liveness',
      'leadership',
      'assignment',
      'operation',
      'status',
      'departure',
      'request',
      'approval',
      'hold',
      'upkeep',
      'drain',
      'drift',
      'survey',
      'certificates',
      'rollout',
      'progress',
      'order',
      'release',
    ],
    outputs: ['release', 'rollout', 'progress', 'order', 'event'],
    settledLookMs: 60_000,
    observe: async (ports) => observe(ports, memory),
    decide,
    act,
  };
}

import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { type Action, decide, type Observed } from './decide.ts';
import { handOver } from './hand-over.ts';
import { type Memory, observe } from './observe.ts';

/**
 * Gives those who join what they need of a control plane: the shared keys and a bootstrap token,
 * sealed to them, one token for one join and gone after it (S23).
 */
export function createHandoverController(): Controller<Observed, Action> {
  const memory: Memory = { sightings: new Map() };
  return {
    name: 'handover',
    scope: 'node',
    inputs: ['assignment', 'operation', 'status', 'handover'],
    outputs: ['handover'],
    observe: (ports) => observe(ports, memory),
    decide,
    act,
  };
}

function act(action: Action, ports: Ports): Promise<void> {
  switch (action.type) {
    case 'delete-token':
      return ports.kube.deleteBootstrapToken(action.id);
    case 'remove-entry':
      return ports.store.remove('handover', action.nodeId, action.ifRevision);
    case 'hand-over':
      return handOver(action.join, action.ifRevision, ports);
  }
}

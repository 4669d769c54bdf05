import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { type Action, decide } from './decide.ts';
import { handOver } from './hand-over.ts';
import { attemptName } from './handed-over.ts';
import { type Memory, observe } from './observe.ts';
import type { Observed } from './observed.ts';
import { removeRemains } from './remove-remains.ts';

/**
 * Gives those who join what they need of a control plane: the shared keys and a bootstrap token,
 * sealed to them, one token for one join and gone after it (S23).
 */
export function createHandoverController(): Controller<Observed, Action> {
  const memory: Memory = { sightings: new Map(), handedOver: new Map() };
  return {
    name: 'handover',
    scope: 'node',
    inputs: ['assignment', 'operation', 'status', 'handover', 'certificates'],
    outputs: ['handover'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, memory),
    decide,
    act: (action, ports) => act(action, ports, memory),
  };
}

async function act(action: Action, ports: Ports, memory: Memory): Promise<void> {
  switch (action.type) {
    case 'delete-token':
      return ports.kube.deleteBootstrapToken(action.id);
    case 'remove-entry':
      return ports.store.remove('handover', action.nodeId, action.ifRevision);
    case 'hand-over':
      await handOver(action, ports);
      memory.handedOver.set(action.join.nodeId, {
        attempt: attemptName(action.join),
        nowMs: ports.clock.nowMs(),
        wallMs: ports.clock.wallMs(),
      });
      return;
    case 'remove-remains':
      return removeRemains(action.remains, ports);
  }
}

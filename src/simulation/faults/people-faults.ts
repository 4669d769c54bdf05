import { TerminalError } from '../../errors.ts';
import { lastServed } from '../../machines/last-served.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { logEntries, type NodeFacts, nodeFacts } from '../../state/node-facts.ts';
import { departureToStop } from '../../state/refuse-stay.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';
import { logAt, syncedLog, unlessRefused } from './somebodys-log.ts';

/** What people ask of a cluster while everything else happens. No fault, and as good as one. */
export const peopleFaults = {
  'control-planes-edited': {
    does: 'somebody asks for another number of control planes: one, or three where there are machines for them',
    begin(fleet, { amount }) {
      const wanted = amount < 0.5 || fleet.machines.length < 3 ? 1 : 3;
      void editControlPlanes(fleet, wanted);
      return undefined;
    },
  },
  'leave-asked': {
    does: 'somebody asks a machine to leave for good',
    begin(fleet, fault) {
      const [machine] = machinesOf(fleet, fault);
      const store = machine && logAt(fleet, machine.hostname);
      if (!machine || !store) return undefined;
      const { nodeId, incarnation } = machine.node();
      const askedWallMs = Math.max(0, Math.round(fleet.clock.wallMs()));
      const request = { type: 'leave', nodeId, incarnation, askedWallMs } as const;
      tell(fleet, `${machine.hostname} leaves`);
      void unlessRefused(store.put('request', nodeId, request, 0));
      return undefined;
    },
  },
  'leave-withdrawn': {
    does: 'somebody takes it back that a machine leaves for good, if that can still be',
    begin(fleet, fault) {
      const [machine] = machinesOf(fleet, fault);
      const store = machine && logAt(fleet, machine.hostname);
      if (machine && store) void withdrawLeave(fleet, machine, store);
      return undefined;
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** As the agent answers `civitas leave --cancel`, by the same judgement. */
async function withdrawLeave(fleet: Fleet, machine: Machine, store: StoreHandle): Promise<void> {
  const standing = store.get('request', machine.node().nodeId);
  const facts = nodeFacts(logEntries(store)).get(machine.node().nodeId);
  if (!standing || !facts) return;
  const { nodeId, incarnation } = facts.node;
  const operationId = stoppable(facts, store);
  if (operationId === undefined) return;
  tell(fleet, `${machine.hostname} stays`);
  if (operationId === null) {
    await unlessRefused(store.remove('request', nodeId, standing.revision));
    return;
  }
  const askedWallMs = Math.max(0, Math.round(fleet.clock.wallMs()));
  const request = { type: 'stay', nodeId, incarnation, askedWallMs, operationId } as const;
  await unlessRefused(store.put('request', nodeId, request, standing.revision));
}

/** The operation that has to stop; null where none has begun, undefined where it is too late. */
function stoppable(facts: NodeFacts, store: StoreHandle): string | null | undefined {
  const canGoBack = lastServed(facts.node, store.list('operation')) !== undefined;
  const departures = store.list('departure');
  try {
    return departureToStop(facts, canGoBack, { departures, revision: 0 });
  } catch (error) {
    if (error instanceof TerminalError) return undefined;
    throw error;
  }
}

async function editControlPlanes(fleet: Fleet, controlPlanes: 1 | 3): Promise<void> {
  const store = syncedLog(fleet);
  const entry = store?.get('spec', SINGLETON);
  if (!store || !entry || entry.value.controlPlanes === controlPlanes) return;
  tell(fleet, `controlPlanes ${controlPlanes}`);
  await unlessRefused(
    store.put('spec', SINGLETON, { ...entry.value, controlPlanes }, entry.revision),
  );
}

function tell({ recorder }: Fleet, detail: string): void {
  recorder.note('*', { type: 'script.edited', detail });
}

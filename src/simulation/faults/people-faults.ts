import { SINGLETON } from '../../state/kinds.ts';
import type { Fleet } from '../fleet/fleet.ts';
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
} as const satisfies Readonly<Record<string, FaultEffect>>;

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

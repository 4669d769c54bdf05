import { SINGLETON } from '../../state/kinds.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { editSpec } from './edit-spec.ts';
import type { PlannedEvent } from './planned-event.ts';

/** What a machine was before the event, for people. */
export type PartOf = (hostname: string) => string;

/** Does to the machines what was planned, and notes it in the trace. */
export async function carryOut(fleet: Fleet, event: PlannedEvent, partOf: PartOf): Promise<void> {
  const { recorder } = fleet;
  switch (event.type) {
    case 'kill': {
      const detail = partOf(event.host);
      recorder.note(event.host, { type: 'fault.begun', fault: 'machine-wiped', detail });
      fleet.machine(event.host).wipe();
      return;
    }
    case 'power-off': {
      const detail = partOf(event.host);
      recorder.note(event.host, { type: 'fault.begun', fault: 'power-cut', detail });
      fleet.machine(event.host).powerOff();
      return;
    }
    case 'partition': {
      const detail = event.groups.map((group) => group.join(', ')).join(' | ');
      recorder.note('*', { type: 'fault.begun', fault: 'partitioned', detail });
      separate(fleet, event.groups);
      return;
    }
    case 'upgrade': {
      const upgrade = fleet.store()?.get('spec', SINGLETON)?.value.upgrade;
      const refusal = await editSpec(fleet, {
        kubernetesVersion: event.version,
        ...(upgrade && { upgrade: { ...upgrade, through: [...event.through] } }),
      });
      const outcome = refusal === undefined ? '' : `, which the log refuses: ${refusal}`;
      const detail = `Kubernetes ${event.version} is asked for${outcome}`;
      recorder.note('*', { type: 'script.edited', detail });
      return;
    }
  }
}

function separate({ world }: Fleet, groups: readonly (readonly string[])[]): void {
  for (const [index, group] of groups.entries()) {
    const others = groups.slice(index + 1).flat();
    for (const inside of group) for (const outside of others) world.cut(inside, outside);
  }
}

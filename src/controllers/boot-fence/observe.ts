import type { Ports } from '../../ports/index.ts';
import type { Role } from '../../state/assignment.ts';
import { hasDeparted } from '../../state/departure.ts';
import { isLate } from '../../state/fencing.ts';
import { PARKABLE } from '../../state/host-residue.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import { roleUntilDeparted } from '../../state/role-until-departed.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Observed } from './observed.ts';

const PARKED = 'parked';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  sightings: Sightings;
}

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, files, store } = ports;
  // Asked first: the role that is read afterwards is not older than that.
  const { synced } = store;
  const role = ownRole(ports);
  const listed = await files.list(PARKED_FOLDER);
  const parked = PARKABLE.filter((name) => listed.includes(name));
  const nowMs = clock.nowMs();
  memory.sightings = withSightings(memory.sightings, parked.length > 0 ? [PARKED] : [], nowMs);
  return { parked, synced, role, waitedMs: seenForMs(memory.sightings, PARKED, nowMs) };
}

function ownRole({ self, store }: Ports): Role | undefined {
  const entry = store.get('assignment', self.nodeId);
  if (entry?.value.incarnation !== self.incarnation) return undefined;
  const log = {
    leadership: store.get('leadership', SINGLETON),
    assignments: store.list('assignment'),
    operations: store.list('operation'),
  };
  if (isLate(entry, log)) return undefined;
  const departure = store.get('departure', self.nodeId)?.value;
  return roleUntilDeparted(entry.value, hasDeparted(entry.value, departure));
}

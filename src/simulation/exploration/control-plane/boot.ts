import type { Role } from '../../../state/assignment.ts';
import { PARKABLE } from '../../../state/host-residue.ts';
import { roleUntilDeparted } from '../../../state/role-until-departed.ts';
import type { Cluster } from './cluster.ts';
import type { Decisions } from './decisions.ts';
import { roleOf } from './entries.ts';
import { isAskedInVain } from './late-write.ts';
import { type Asked, departureKnownTo, ownEntries, type Place } from './place.ts';

const LONG_MS = 3_600_000;
const KUBELET = 'kubelet.conf';

/** A machine that was switched on: Kubernetes is parked, if there are others that may have deposed it. */
export function booted(all: readonly Place[], index: number): Partial<Place> {
  const place = all[index];
  const { copy, manifests = false, registered = false, marker } = place ?? {};
  const others = all.some(({ asked }, other) => {
    return other !== index && asked !== null && roleOf(asked.task) === 'control-plane';
  });
  const parks = others && marker !== null && (manifests || registered);
  return {
    power: 'on',
    ...(parks ? { parked: 'all' } : {}),
    ...(copy ? { copy: { ...copy, state: 'restarted' } } : {}),
  };
}

/** What the node at `index` gets back of what was parked; undefined for nothing yet. */
export function givenBack(
  decide: Decisions['bootFence'],
  { logAnswers, term }: Pick<Cluster, 'logAnswers' | 'term'>,
  all: readonly Place[],
  index: number,
): { readonly change: Partial<Place>; readonly isSynced: boolean } | undefined {
  const place = all[index];
  if (!place || place.parked === 'none') return undefined;
  const { asked } = ownEntries(place);
  const counts = asked !== null && !isAskedInVain(all, index, term);
  const isSynced = logAnswers && (place.copy === null || place.copy.state === 'kept');
  const parked = namesParked(place);
  const decided = decide({
    parked,
    synced: isSynced,
    role: counts ? roleKnownTo(place, asked) : undefined,
    waitedMs: LONG_MS,
  });
  const names = decided.flatMap((action) => (action.type === 'give-back' ? action.names : []));
  if (names.length === 0) return undefined;
  const left = parked.some((name) => !names.includes(name));
  // A kubelet that starts registers its Node anew where there is none.
  const node = place.node === 'none' && names.includes(KUBELET) ? { node: 'plain' as const } : {};
  return { change: { parked: left ? 'static-pods' : 'none', ...node }, isSynced };
}

function roleKnownTo(place: Place, { task }: Asked): Role {
  return roleUntilDeparted({ task, role: roleOf(task) }, departureKnownTo(place) === 'done');
}

function namesParked({ parked, manifests, registered }: Place): readonly string[] {
  return PARKABLE.filter((name) => (name === KUBELET ? registered && parked === 'all' : manifests));
}

import type { Observed, RoleChange } from '../../../controllers/kubeadm/observed.ts';
import { controlPlaneManifests, controlPlaneRemains } from '../../../state/host-residue.ts';
import { commandOf, LONG_MS } from './host-facts.ts';
import { isInPlace } from './in-place.ts';
import { listingOf } from './listing.ts';
import { type Asked, departureKnownTo, type Place } from './place.ts';
import { UNIT_COUNT } from './promotion-progress.ts';

/** What only a change of role goes by; processes end and kubelets start before anybody looks. */
export function roleChangeOf(place: Place, asked: Asked | null): Observed['roleChange'] {
  if (asked?.task !== 'promote' && asked?.task !== 'demote' && asked?.task !== 'retire') {
    return undefined;
  }
  const listing = listingOf(place);
  return {
    departure: { isDone: departureKnownTo(place) === 'done', by: '', why: undefined },
    phases: isInPlace(place) && asked.task === 'promote' ? unitsOf(place) : [],
    manifests: asked.task === 'demote' ? controlPlaneManifests(listing) : [],
    processes: [],
    remains: asked.task === 'demote' ? controlPlaneRemains(listing) : [],
    kubeletBalanced: true,
    kubeletRunsForMs: LONG_MS,
    hasPodNetwork: false,
  };
}

/** The units as the agent sees them. A phase that was passed over looks as if it had ended well. */
function unitsOf({ kubeadm, phase }: Place): RoleChange['phases'] {
  return Array.from({ length: UNIT_COUNT }, (_, index): Observed['command'] => {
    if (index === phase) return commandOf(kubeadm);
    return index < phase ? commandOf('succeeded') : { phase: 'absent' };
  });
}

import { clusterInvariants } from '../../../src/simulation/exploration/control-plane/invariants.ts';
import { createPlaces } from '../../../src/simulation/exploration/control-plane/place.ts';

/** All that must never happen; whether the goal can be reached is not asked. */
export const SAFETY: readonly string[] = clusterInvariants(createPlaces()).map(({ id }) => id);

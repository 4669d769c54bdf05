import type { SimulatedMirror } from '../../simulation/release-files.ts';

/** The simulated world's own: no name of the real network leads there. */
export const DEMO_MIRROR_URL = 'https://mirror.simulated';

const MINORS = [33, 34, 35];
const PATCHES = 20;

/** Releases that simulated machines can obtain, with the sums of their makers. */
export const DEMO_MIRROR: SimulatedMirror = {
  versions: MINORS.flatMap((minor) =>
    Array.from({ length: PATCHES }, (_, patch) => `v1.${minor}.${patch}`),
  ),
};

import type { MemoryLink } from './memory-link.ts';

/** How one message comes to those who are to hear it: resolves for each when it is there. */
export type Way = (link: MemoryLink) => Promise<void>;

/** Gives each message its way. */
export type Ways = () => Way;

/** Each for itself, so that no two hear a message in the same order for sure. */
export const ownWays: Ways = () => (link) => link.travel();

/** One trip for all who are near, which costs one wake-up instead of many: for what is only told, and ordered by nobody. */
export function commonWays(trip: () => Promise<void>): Ways {
  return () => {
    let under: Promise<void> | undefined;
    return async (link) => {
      if (!link.isNear()) return link.travel();
      under ??= trip();
      await under;
      // Its process stood still or died meanwhile.
      if (!link.isNear()) await link.travel();
    };
  };
}

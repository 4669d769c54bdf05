import type { Deed } from './deed.ts';
import type { Place } from './place.ts';

/** A place after one more action of its agent; deeds are those of all actions up to it. */
export interface Stage {
  readonly place: Place;
  readonly deeds: readonly Deed[];
}

/** The stage with some fields of the place changed; the very same place where that changes nothing. */
export function changed(
  { place, deeds }: Stage,
  change: Partial<Place>,
  ...more: readonly Deed[]
): Stage {
  const isNews = Object.entries(change).some(([field, value]) => {
    return JSON.stringify(place[field as keyof Place]) !== JSON.stringify(value);
  });
  return {
    place: isNews ? { ...place, ...change } : place,
    deeds: more.length > 0 ? [...deeds, ...more] : deeds,
  };
}

import { z } from 'zod';

/**
 * How far a node is from the others: what a heartbeat of etcd, 100 ms by default, has room for (etcd
 * tuning guide: about a round trip to the farthest member).
 */
export const distanceSchema = z.enum(['near', 'far', 'remote']);

export type Distance = z.infer<typeof distanceSchema>;

const CLASSES: readonly Distance[] = distanceSchema.options;
/** From which round trip on the next class begins. */
const BOUNDS_MS = [10, 50];
/** A class is left only where a boundary is passed by so much: noise around it moves nobody. */
const MARGIN = 0.2;

/** By the round trip to most others; `before`: what it was so far. */
export function distanceOf(roundTripMs: number, before: Distance): Distance {
  const known = CLASSES.indexOf(before);
  const place = BOUNDS_MS.filter((boundMs, index) => {
    return roundTripMs >= boundMs * (index < known ? 1 - MARGIN : 1 + MARGIN);
  }).length;
  return CLASSES[place] ?? before;
}

/** 0: near, also of whom nobody has told; 1: far; 2: remote. */
export function distanceClass({
  distance = 'near',
}: {
  readonly distance?: Distance | undefined;
}): number {
  return CLASSES.indexOf(distance);
}

import type { Place } from './place.ts';

/** Whether the attempt recorded goes on under the pods of a worker: units of phases, not one command. */
export function isInPlace({ recorded }: Pick<Place, 'recorded'>): boolean {
  return recorded?.task === 'promote';
}

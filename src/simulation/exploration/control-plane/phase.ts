import type { Place } from './place.ts';

/** What one phase of a command changes on its own host, and what to call it. */
export interface Phase {
  readonly name: string;
  readonly change: Partial<Place>;
}

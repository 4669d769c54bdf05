import type { Task } from '../../../state/assignment.ts';
import { roleOf } from './entries.ts';
import { isDone, isLate, type Place } from './place.ts';

/** Tasks that add a member to etcd beside those that are there. */
export const JOINS: readonly Task[] = ['join-control-plane', 'promote'];

/** By an assignment that counts. */
export function isControlPlane(place: Place): boolean {
  return place.asked !== null && !isLate(place) && roleOf(place.asked.task) === 'control-plane';
}

/** As far as the log says. */
export function isKnownWhole(place: Place): boolean {
  const { said, asked, verdict } = place;
  return verdict === 'alive' && isDone(place) && said?.name === asked?.name;
}

import { isHealthyVoter } from './cluster.ts';
import { roleOf } from './entries.ts';
import type { Policy } from './log-view.ts';
import { isUp, type Place } from './place.ts';

/**
 * Whether every machine does what the policy wants of it. A machine that lost its disk comes back
 * as another node, and no controller yet gives that one the place of the first: so nothing more is
 * asked of such a cluster than to be safe.
 */
export function isWhole(all: readonly Place[], { controlPlanes, size }: Policy): boolean {
  if (all.some(({ power }) => power === 'gone')) return true;
  if (!all.every(serves)) return false;
  const others = all.length - controlPlanes;
  const workers = size === undefined ? others : Math.min(others, Math.max(0, size - controlPlanes));
  const count = (role: string) =>
    all.filter(({ asked }) => asked && roleOf(asked.task) === role).length;
  return count('control-plane') === controlPlanes && count('worker') === workers;
}

function serves(place: Place): boolean {
  const { asked, said } = place;
  if (!isUp(place) || !asked || said?.name !== asked.name) return false;
  if (roleOf(asked.task) === 'control-plane') {
    return said.phase === 'serving' && isHealthyVoter(place);
  }
  return said.phase === 'serving' || said.phase === 'spare';
}

import { isHealthyVoter, voters } from './cluster.ts';
import { roleOf } from './entries.ts';
import type { Policy } from './log-view.ts';
import { isUp, type Place } from './place.ts';

/**
 * Whether every machine does what the policy wants of it, and nothing is left of nodes whose disks were
 * lost. Where those had the quorum of etcd, nobody can help: then nothing more is asked of the cluster
 * than to be safe.
 */
export function isWhole(all: readonly Place[], { controlPlanes, size }: Policy): boolean {
  if (isBeyondHelp(all)) return true;
  const machines = all.filter(({ power }) => power !== 'gone');
  if (!machines.every(serves) || !all.filter(isGone).every(hasLeft)) return false;
  const staying = machines.filter(({ leaving }) => !leaving);
  const others = staying.length - controlPlanes;
  const workers = size === undefined ? others : Math.min(others, Math.max(0, size - controlPlanes));
  const count = (role: string) =>
    staying.filter(({ asked }) => asked && roleOf(asked.task) === role).length;
  return count('control-plane') === controlPlanes && count('worker') === workers;
}

/** Fewer disks with a vote are left than etcd needs, or nobody may found a cluster any more. */
function isBeyondHelp(all: readonly Place[]): boolean {
  if (!all.some(isGone)) return false;
  const voting = voters(all);
  if (voting.length === 0)
    return all.some((place) => isGone(place) && place.asked?.task === 'init');
  const left = voting.filter((place) => !isGone(place) && place.etcdData);
  return left.length <= voting.length / 2;
}

function isGone({ power }: Place): boolean {
  return power === 'gone';
}

/** Neither etcd nor Kubernetes nor the log counts on it. */
function hasLeft({ asked, departure, member, node }: Place): boolean {
  if (member !== 'none' || node !== 'none') return false;
  if (asked === null || asked.task === 'stand-by') return true;
  return asked.task === 'retire' && departure === 'done';
}

function serves(place: Place): boolean {
  const { asked, said, parked } = place;
  if (!isUp(place) || !asked || said?.name !== asked.name || parked !== 'none') return false;
  switch (roleOf(asked.task)) {
    case 'control-plane':
      return said.phase === 'serving' && isHealthyVoter(place) && place.node === 'marked';
    case 'worker':
      return said.phase === 'serving' && place.node === 'plain' && place.member === 'none';
    case 'spare':
      return said.phase === 'spare' && hasLeft(place);
  }
}

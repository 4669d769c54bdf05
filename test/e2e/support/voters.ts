import { etcdctl } from './machines.ts';

/**
 * Peer URLs of the members of etcd, sorted, as this control plane tells them; rejects unless all are
 * voters, were started, and answer.
 */
export async function healthyVoters(plane: string): Promise<readonly string[]> {
  const [list, health] = await Promise.all([
    etcdctl(plane, 'member', 'list'),
    etcdctl(plane, 'endpoint', 'health', '--cluster'),
  ]);
  const members = list.stdout.trim().split('\n').map(memberOf);
  const isWell = members.every(({ state, learner }) => state === 'started' && learner === 'false');
  if (isWell && health.exitCode === 0) return members.map(({ peerUrl }) => peerUrl).sort();
  throw new Error(`etcd is not well: ${list.stdout}\n${health.stderr || health.stdout}`);
}

/** `id, started, name, peer urls, client urls, is learner`. */
function memberOf(line: string) {
  const [, state = '', , peerUrl = '', , learner = ''] = line.split(', ');
  return { state, peerUrl, learner };
}

import type { Replica } from '../../state/genesis-record.ts';
import { isAlive } from '../../state/node-facts.ts';
import { behindIn, type Plan, quorumGuard, unheard } from './change.ts';
import type { Step } from './dismiss.ts';
import type { Observed } from './observed.ts';

/**
 * The first replica whose host lives, and has another address than the one under which its server is
 * looked for: it listens there only until its next start.
 */
export function displacedReplica({
  replicas,
  facts,
}: Pick<Observed, 'replicas' | 'facts'>): Replica | undefined {
  return replicas.replicas.find(({ nodeId, address }) => {
    const host = facts.get(nodeId);
    return host !== undefined && isAlive(host) && !host.node.addresses.includes(address);
  });
}

/** The same server at the address of its host, where it is started anew while the others have all of the log. */
export function readdress(plan: Plan, displaced: Replica): Step {
  const { facts, groups, replicas, revision, term } = plan;
  const [address] = facts.get(displaced.nodeId)?.node.addresses ?? [];
  if (!groups || address === undefined) return unheard();
  const others = replicas.replicas.filter((each) => each !== displaced);
  const behind = behindIn(others, groups);
  if (behind) return behind;
  const moved = replicas.replicas.map((each) => (each === displaced ? { ...each, address } : each));
  const { serverName, address: former } = displaced;
  return {
    type: 'write',
    term,
    replicas: { ...replicas, generation: replicas.generation + 1, term, replicas: moved },
    ifRevision: revision,
    about: displaced.nodeId,
    reasons: {
      action: 'readdress-replica',
      summary: `The replica ${serverName} of the log is looked for at ${address} instead of ${former}, which its host has no more.`,
      guards: [quorumGuard(others)],
      rejected: [],
    },
  };
}

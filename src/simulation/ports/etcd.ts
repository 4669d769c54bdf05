import { RetryableError } from '../../errors.ts';
import type { Etcd } from '../../ports/etcd.ts';
import { hasQuorum } from '../etcd-cluster.ts';
import { manifestPath } from '../paths.ts';
import type { WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

/** etcd of one simulated host. A learner answers no linearizable request, as real ones do. */
export function simulatedEtcd(world: WorldState, host: string): Etcd {
  return {
    async members() {
      const machine = powered(world, host);
      if (!machine.disk.files.has(manifestPath('etcd'))) return undefined;
      const cluster = world.clusters.get(machine.runtime.etcd?.clusterId ?? '');
      if (!cluster || !hasQuorum(world, cluster, machine)) {
        throw new RetryableError(
          'etcd.unreachable',
          `etcd on ${host} does not answer: it is not started or has no quorum`,
        );
      }
      return cluster.etcd.members.map(({ id, name, peerUrl, learner }) => ({
        id,
        name,
        peerUrls: [peerUrl],
        learner,
      }));
    },
  };
}

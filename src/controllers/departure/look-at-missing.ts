import { CivitasError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import { hasDeparted } from '../../state/departure.ts';
import { lookedAgain } from '../../state/kubelet-beat.ts';
import { servesAsControlPlane } from '../../state/serves-as-control-plane.ts';
import type { Memory } from './memory.ts';

/**
 * Looks once at the kubelet's lease of each node that is not heard, from the suspicion on, so that once its
 * departure is asked for this process has watched the lease for as long already. Whoever lives, or has
 * departed, is forgotten.
 */
export async function lookAtMissing(ports: Ports, { leases }: Memory): Promise<void> {
  const { clock, self, store } = ports;
  const missing = missingHostnames(store);
  for (const name of leases.keys()) if (!missing.includes(name)) leases.delete(name);
  const unseen = missing.filter((name) => !leases.has(name));
  if (unseen.length === 0 || !servesAsControlPlane(self.nodeId, store)) return;
  const nowMs = clock.nowMs();
  for (const lease of await knownLeases(ports)) {
    const sight = unseen.includes(lease.node) && lookedAgain(undefined, lease, { nowMs });
    if (sight) leases.set(lease.node, sight);
  }
}

function missingHostnames(store: Store): readonly string[] {
  return store.list('liveness').flatMap(({ key, value: { verdict, incarnation } }) => {
    const node = store.get('node', key)?.value;
    const assignment = store.get('assignment', key)?.value;
    const hasGone = hasDeparted(assignment, store.get('departure', key)?.value);
    if (verdict === 'alive' || node?.incarnation !== incarnation || hasGone) return [];
    return [node.hostname];
  });
}

/** None while no API server answers: then nobody is watched yet. */
async function knownLeases({ kube }: Pick<Ports, 'kube'>) {
  try {
    return await kube.nodeLeases();
  } catch (error) {
    if (error instanceof CivitasError && error.code === 'kube.unreachable') return [];
    throw error;
  }
}

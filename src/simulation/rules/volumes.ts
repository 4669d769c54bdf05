import { controllerManagerWorks } from '../api-access.ts';
import { heldFor } from '../held-for.ts';
import type { SimulatedAttachment, SimulatedCluster } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import type { WorldState } from '../world-state.ts';

/** The attach-detach controller: a volume follows its pod, and leaves a lost node only with its pod. */
export function attachVolumes(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    if (controllerManagerWorks(world, cluster)) follow(world, cluster);
  }
}

function follow(world: WorldState, cluster: SimulatedCluster): void {
  const { attachments } = cluster;
  const wanted = wantedAttachments(cluster);
  for (const attachment of wanted.values()) {
    if (attachments.has(attachment.name)) continue;
    attachments.set(attachment.name, attachment);
    world.changes += 1;
  }
  for (const name of attachments.keys()) {
    const held = `volume ${cluster.id}/${name} detach`;
    if (!heldFor(world, held, !wanted.has(name), TIMINGS.volumeDetachMs)) continue;
    world.heldSinceMs.delete(held);
    attachments.delete(name);
    world.changes += 1;
  }
}

function wantedAttachments({ pods }: SimulatedCluster): ReadonlyMap<string, SimulatedAttachment> {
  const wanted = new Map<string, SimulatedAttachment>();
  for (const { name, node, volume } of pods.values()) {
    if (!volume || node === null) continue;
    const attachment = { name: `csi-${name}-${node}`, node, volume: `pv-${name}` };
    wanted.set(attachment.name, attachment);
  }
  return wanted;
}

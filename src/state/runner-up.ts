import {
  controlPlaneZones,
  diskClass,
  hasLocalVolumes,
  isFit,
  isWarm,
  MIN_CPUS,
  MIN_MEMORY_MIB,
  zonePlace,
} from './candidate-order.ts';
import { countText } from './count-text.ts';
import { distanceClass } from './distance.ts';
import type { Node } from './node.ts';
import type { NodeFacts } from './node-facts.ts';
import type { Roster } from './roster.ts';

/**
 * Why a node that may become a control plane, too, comes after the one that was chosen: the first rule
 * of the order that tells them apart. Follows the host name.
 */
export function whyAfter(
  chosen: NodeFacts,
  other: NodeFacts,
  { facts, zones }: Pick<Roster, 'facts' | 'zones'>,
): string {
  return (
    byPods(chosen, other) ??
    byFitness(chosen.node, other.node) ??
    byCrowdedZone(chosen.node, other.node, controlPlaneZones(facts.values())) ??
    byNamedZone(chosen.node, other.node, zones) ??
    byDisk(chosen.node, other.node) ??
    byDistance(chosen.node, other.node) ??
    byLocalVolumes(chosen.node, other.node) ??
    byReadiness(chosen, other) ??
    `is as good as ${chosen.node.hostname}, and has the higher node id`
  );
}

function byPods(chosen: NodeFacts, other: NodeFacts): string | undefined {
  if (isWorker(chosen) === isWorker(other)) return undefined;
  return isWorker(other)
    ? `is a worker, and ${chosen.node.hostname} has no pods to disturb`
    : 'would have to join, and nobody joins while control planes differ in their release';
}

function byFitness(chosen: Node, other: Node): string | undefined {
  if (isFit(chosen) === isFit(other)) return undefined;
  const { cpus, memoryMiB } = other.capacity;
  return `has ${countText(cpus, 'CPU')} and ${memoryMiB} MiB, and a control plane wants ${MIN_CPUS} and ${MIN_MEMORY_MIB}`;
}

function byCrowdedZone(
  chosen: Node,
  other: Node,
  counts: ReadonlyMap<string, number>,
): string | undefined {
  const [there, here] = [counts.get(other.zone) ?? 0, counts.get(chosen.zone) ?? 0];
  if (there === here) return undefined;
  return `is in ${zoneText(other)} with ${there} of the control planes, and ${zoneText(chosen)} has ${here}`;
}

function byNamedZone(chosen: Node, other: Node, zones: readonly string[]): string | undefined {
  if (zonePlace(chosen, zones) === zonePlace(other, zones)) return undefined;
  return `is in ${zoneText(other)}, and the spec names ${zoneText(chosen)} before it (zones)`;
}

function byDisk(chosen: Node, other: Node): string | undefined {
  if (diskClass(chosen) === diskClass(other)) return undefined;
  const [slower, faster] = [other.capacity.fsyncP99Ms, chosen.capacity.fsyncP99Ms];
  return `has the slower disk (fsync ${slower} ms, ${chosen.hostname} ${faster} ms)`;
}

function byDistance(chosen: Node, other: Node): string | undefined {
  if (distanceClass(chosen) === distanceClass(other)) return undefined;
  const [farther, nearer] = [other.distance ?? 'near', chosen.distance ?? 'near'];
  return `is farther from the others by its round trips (${farther}, ${chosen.hostname} ${nearer})`;
}

function byLocalVolumes(chosen: Node, other: Node): string | undefined {
  if (hasLocalVolumes(chosen) === hasLocalVolumes(other)) return undefined;
  return `has pods that use local volumes, and ${chosen.hostname} has none`;
}

function byReadiness(chosen: NodeFacts, other: NodeFacts): string | undefined {
  if (isWarm(chosen) === isWarm(other)) return undefined;
  return `is not warm, and ${chosen.node.hostname} is`;
}

function isWorker({ assignment }: NodeFacts): boolean {
  return assignment?.value.role === 'worker';
}

function zoneText({ zone }: Node): string {
  return zone === '' ? 'no zone' : `zone ${zone}`;
}

import type { GenesisRecord } from '../../state/genesis-record.ts';
import type { Entry } from '../../state/kinds.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { LogCopy } from '../../state/log-copy.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import { replicasOf } from '../../state/replicas.ts';
import { type Blueprint, type BlueprintMachine, withSimulatedNetwork } from './blueprint.ts';

type CopiedLog = Pick<LogCopy, 'get' | 'list'>;

const COPIED_NOTE =
  'Copied are names, zones, labels, sizes, roles, the spec, the places of the log and who is dead; workloads, addresses, certificates and work under way are not.';

const byHostname = new Intl.Collator('en', { numeric: true });

/** The cluster that a copy of its log describes: names, zones, labels, sizes, roles, replicas of the log. */
export function copiedBlueprint(record: GenesisRecord, log: CopiedLog): Blueprint {
  const asked = log.get('spec', SINGLETON)?.value ?? record.spec;
  const { spec, notes } = withSimulatedNetwork(asked);
  const machines = latestOfEachHost(log)
    .map(({ value }) => machineOf(value, log))
    .filter((machine) => !isReplaced(machine))
    .toSorted((a, b) => byHostname.compare(a.hostname, b.hostname));
  const { replicas } = replicasOf(record, log.get('replicas', SINGLETON));
  const hostOf = (nodeId: NodeId) => log.get('node', nodeId)?.value.hostname ?? '';
  return {
    spec,
    kubernetesVersion: presentVersion(log) ?? spec.kubernetesVersion,
    expectedNodes: record.expectedNodes,
    machines,
    genesis: {
      clusterId: record.clusterId,
      replicaHosts: replicas.map(({ nodeId }) => hostOf(nodeId)),
      firstControlPlane: firstOf(machines, hostOf(record.firstControlPlane)),
    },
    notes: [COPIED_NOTE, ...notes],
  };
}

/** A machine that came back empty is enrolled twice under its name. */
function latestOfEachHost(log: CopiedLog): readonly Entry<'node'>[] {
  const byRevision = log.list('node').toSorted((a, b) => a.revision - b.revision);
  return [...new Map(byRevision.map((entry) => [entry.value.hostname, entry])).values()];
}

function machineOf(
  { nodeId, hostname, zone, labels, capacity }: Node,
  log: CopiedLog,
): BlueprintMachine {
  const role = log.get('assignment', nodeId)?.value.role ?? null;
  const isDead = log.get('liveness', nodeId)?.value.verdict === 'dead';
  return { hostname, zone, labels, capacity, role, isDead };
}

/** It is gone, and others have its place: nothing of the cluster is missing without it. */
function isReplaced({ role, isDead }: BlueprintMachine): boolean {
  return isDead && role === 'spare';
}

/** The one that genesis chose, or another control plane where that one is gone. */
function firstOf(machines: readonly BlueprintMachine[], chosen: string): string {
  if (machines.some(({ hostname }) => hostname === chosen)) return chosen;
  return machines.find(({ role }) => role === 'control-plane')?.hostname ?? chosen;
}

/** What the control plane was brought to, else founded with: an edit of the spec alone changes nothing. */
function presentVersion(log: CopiedLog): string | undefined {
  const release = log.get('release', SINGLETON)?.value;
  if (release) return release.controlPlane;
  const assignments = log.list('assignment').map(({ value }) => value);
  return assignments.find(({ role }) => role === 'control-plane')?.kubernetesVersion;
}

import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { OrderReport } from '../../src/state/order-report.ts';
import { logOf } from './fleet-log.ts';

const KUBERNETES_VERSION = 'v1.34.4';
const TEN_MINUTES_MS = 600_000;

/** `spec.kubeadm` with these patches, and nothing else. */
export function patchedKubeadm(patches: Record<string, unknown>): ClusterSpec['kubeadm'] {
  return clusterSpecSchema.parse({ kubernetesVersion: KUBERNETES_VERSION, kubeadm: patches })
    .kubeadm;
}

/** People edit the spec: what it was is kept beside it. */
export async function editSpec(fleet: Fleet, edit: Partial<ClusterSpec>): Promise<void> {
  const log = logOf(fleet);
  const entry = log.get('spec', SINGLETON);
  if (!entry) throw new RangeError('there is no spec');
  fleet.recorder.note('*', { type: 'script.edited', detail: Object.keys(edit).join(' ') });
  const { revision, value: spec } = entry;
  const edition = { revision, spec, replacedWallMs: Math.round(fleet.clock.wallMs()) };
  await fleet.clock.drive(log.put('edition', String(revision), edition, 0));
  await fleet.clock.drive(log.put('spec', SINGLETON, { ...spec, ...edit }, revision));
}

/** A leader asks one machine to take the configuration up. */
async function orderReconfiguration(
  fleet: Fleet,
  machine: Machine,
  operationId: string,
): Promise<void> {
  const log = logOf(fleet);
  const { nodeId, incarnation } = machine.node();
  const term = log.get('leadership', SINGLETON)?.revision ?? 1;
  const order = {
    nodeId,
    incarnation,
    term,
    operationId,
    task: 'reconfigure' as const,
    planId: null,
    kubernetesVersion: KUBERNETES_VERSION,
    first: false,
    drains: false,
    sponsor: null,
  };
  const ifRevision = log.get('order', nodeId)?.revision ?? 0;
  await fleet.clock.drive(log.put('order', nodeId, order, ifRevision));
}

function workOf(fleet: Fleet, machine: Machine): OrderReport | null | undefined {
  return logOf(fleet).get('upkeep', machine.node().nodeId)?.value.work;
}

/** Orders it, lets time pass until it is over, and takes the order back; what came of it. */
export async function reconfigure(
  fleet: Fleet,
  machine: Machine,
  operationId = `reconfigure-${machine.node().nodeId}-1`,
): Promise<OrderReport | null | undefined> {
  await orderReconfiguration(fleet, machine, operationId);
  const isOver = () => {
    const work = workOf(fleet, machine);
    return work?.operationId === operationId && work.state !== 'under-way';
  };
  const endMs = fleet.clock.nowMs() + TEN_MINUTES_MS;
  while (!isOver() && fleet.clock.nowMs() < endMs) await fleet.clock.advance(1_000);
  const { nodeId } = machine.node();
  const log = logOf(fleet);
  await fleet.clock.drive(log.remove('order', nodeId, log.get('order', nodeId)?.revision ?? 0));
  return workOf(fleet, machine);
}

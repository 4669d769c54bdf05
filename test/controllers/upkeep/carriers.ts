import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import type { DrainState } from '../../../src/state/drain-state.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import type { Order } from '../../../src/state/order.ts';
import type { OrderReport } from '../../../src/state/order-report.ts';
import { sameValue } from '../../../src/state/same-value.ts';
import type { Upkeep } from '../../../src/state/upkeep.ts';
import type { FakeStore } from '../../support/controllers-store.ts';

/** What tests make nodes do otherwise. */
export interface Faults {
  /** `<task> <hostname>`: fails once, and tells why. */
  readonly failing: Set<string>;
  /** Nodes that do nothing. */
  readonly silent: Set<string>;
  /** Nodes whose pods no budget lets go. */
  readonly blocked: Set<string>;
  /** The survey does not pass. */
  surveyFails: boolean;
  /** A renewal that is done leaves certificates as they were. */
  keepsLeaves: boolean;
  /** For how long nodes watch themselves after a change, before they say that it is done. */
  provesForMs: number;
}

/** One that begins is told by `<task> <hostname> <release>`. */
type Tell = (line: string, operationId: string) => void;

/** Every node goes one step on with what it was ordered; a year goes by in no test. */
export async function carryOut(
  store: FakeStore,
  wallMs: number,
  faults: Faults,
  tell: Tell,
): Promise<void> {
  await releaseDrains(store);
  for (const { value: order } of store.list('order')) {
    const hostname = hostnameOf(store, order.nodeId);
    if (faults.silent.has(hostname)) continue;
    if (order.task === 'survey') await survey(store, order, faults);
    else if (order.task === 'drain') await drain(store, order, 'drained');
    else await work(store, order, { hostname, wallMs, faults, tell });
  }
}

interface Work {
  readonly hostname: string;
  readonly wallMs: number;
  readonly faults: Faults;
  readonly tell: Tell;
}

async function work(store: FakeStore, order: Order, how: Work): Promise<void> {
  const { operationId, task } = order;
  const present = workOf(store, order);
  const isBegun = present?.operationId === operationId;
  if (!isBegun && order.drains && !isDrained(store, order)) {
    return drain(store, order, drainMove(order, how));
  }
  if (present?.operationId !== operationId) {
    how.tell(`${task} ${how.hostname} ${order.kubernetesVersion}`, operationId);
    if (task !== 'prepare') await setReady(store, order, false);
    return report(store, order, { ...fresh(order, how.wallMs), state: 'under-way' });
  }
  if (present.state === 'under-way') return goOn(store, order, present, how);
  if (order.drains) await drain(store, order, 'released');
}

async function goOn(
  store: FakeStore,
  order: Order,
  present: OrderReport,
  how: Work,
): Promise<void> {
  const line = `${order.task} ${how.hostname}`;
  if (order.task !== 'prepare') await setReady(store, order, true);
  if (how.faults.failing.delete(line)) {
    return report(store, order, { ...present, state: 'failed', reason: 'it broke' });
  }
  if (!present.proving) await change(store, order, how);
  const said = afterwards(present, how);
  if (!sameValue(said, present)) await report(store, order, said);
}

function afterwards(present: OrderReport, { wallMs, faults }: Work): OrderReport {
  const isProven = wallMs - present.startedWallMs >= faults.provesForMs;
  return isProven ? { ...present, state: 'done' } : { ...present, proving: true };
}

function isDrained(store: FakeStore, { nodeId, operationId }: Order): boolean {
  const drained = store.get('drain', nodeId)?.value;
  return drained?.operationId === operationId && drained.state === 'drained';
}

function drainMove({ recalled }: Order, { hostname, faults }: Work): DrainState['state'] {
  if (recalled) return 'released';
  return faults.blocked.has(hostname) ? 'draining' : 'drained';
}

async function change(store: FakeStore, order: Order, { wallMs, faults }: Work): Promise<void> {
  const { nodeId, kubernetesVersion: release, task, first } = order;
  const upkeep = store.get('upkeep', nodeId)?.value;
  const spec = store.get('spec', SINGLETON)?.value;
  const role = store.get('assignment', nodeId)?.value.role;
  if (!upkeep || !spec || role === 'spare' || role === undefined) return;
  const put = (differs: Partial<Upkeep>) => store.set('upkeep', nodeId, { ...upkeep, ...differs });
  const plane = { apiServer: release, controllerManager: release, scheduler: release };
  switch (task) {
    case 'prepare':
      await put({ prepared: [...upkeep.prepared, release] });
      return;
    case 'upgrade-control-plane':
      await put({ parts: { ...upkeep.parts, ...plane } });
      if (first) await announce(store, release);
      return;
    case 'upgrade-kubelet':
      await put({ parts: { ...upkeep.parts, kubelet: release } });
      return;
    case 'reconfigure':
      await put({ configurationDigest: configurationDigest(spec.kubeadm, role) });
      return;
    case 'renew-certificates':
      if (!faults.keepsLeaves) await renew(store, nodeId, wallMs);
      return;
    default:
  }
}

/** kubeadm-config is one for all control planes. */
async function announce(store: FakeStore, release: string): Promise<void> {
  for (const { key, value } of store.list('upkeep')) {
    if (value.parts.cluster === null) continue;
    await store.set('upkeep', key, { ...value, parts: { ...value.parts, cluster: release } });
  }
}

const YEAR_MS = 31_536_000_000;

async function renew(store: FakeStore, nodeId: string, wallMs: number): Promise<void> {
  const certificates = store.get('certificates', nodeId)?.value;
  if (!certificates) return;
  const leaves = certificates.leaves.map((leaf) => ({ ...leaf, notAfterWallMs: wallMs + YEAR_MS }));
  await store.set('certificates', nodeId, { ...certificates, leaves });
}

async function report(store: FakeStore, { nodeId, task }: Order, said: OrderReport): Promise<void> {
  const kind = task === 'renew-certificates' ? 'certificates' : 'upkeep';
  const present = store.get(kind, nodeId)?.value;
  // Both kinds hold the same report.
  if (present) await store.set(kind, nodeId, { ...present, work: said } as never);
}

function workOf(store: FakeStore, { nodeId, task }: Order): OrderReport | null {
  const kind = task === 'renew-certificates' ? 'certificates' : 'upkeep';
  return store.get(kind, nodeId)?.value.work ?? null;
}

function fresh({ operationId, task }: Order, wallMs: number): OrderReport {
  const words = { step: 'works', reason: null, waiting: null };
  return { operationId, task, ...words, state: 'under-way', startedWallMs: wallMs };
}

async function setReady(store: FakeStore, order: Order, isReady: boolean): Promise<void> {
  const status = store.get('status', order.nodeId)?.value;
  if (!status) return;
  const isPlane = status.role === 'control-plane';
  const differs = isPlane ? { apiServerReady: isReady } : { nodeReady: isReady };
  const kubernetes = { ...status.kubernetes, ...differs };
  await store.set('status', order.nodeId, { ...status, kubernetes });
}

async function survey(store: FakeStore, order: Order, { surveyFails }: Faults): Promise<void> {
  const { planId, operationId, nodeId } = order;
  if (planId === null) return;
  const message = surveyFails ? 'etcd has no leader: see etcd' : 'etcd is healthy';
  const findings = [{ name: 'etcd-healthy', passed: !surveyFails, message }];
  const value = { planId, operationId, by: nodeId, findings, surveyedWallMs: 0 };
  const present = store.get('survey', planId)?.value;
  if (!sameValue(present, value)) await store.set('survey', planId, value);
}

async function drain(store: FakeStore, order: Order, state: DrainState['state']): Promise<void> {
  const { nodeId, incarnation, operationId, sponsor } = order;
  if (sponsor === null) return;
  const said = { nodeId, incarnation, operationId, by: sponsor, podsLeft: 0, waiting: null };
  const present = store.get('drain', nodeId)?.value;
  if (present?.operationId === operationId && present.state === state) return;
  await store.set('drain', nodeId, { ...said, state });
}

/** What no order asks for any more. */
async function releaseDrains(store: FakeStore): Promise<void> {
  for (const { key, value } of store.list('drain')) {
    const isAsked = store.get('order', key)?.value.operationId === value.operationId;
    if (!isAsked && value.state !== 'released') {
      await store.set('drain', key, { ...value, state: 'released' });
    }
  }
}

function hostnameOf(store: FakeStore, nodeId: string): string {
  return store.get('node', nodeId)?.value.hostname ?? nodeId;
}

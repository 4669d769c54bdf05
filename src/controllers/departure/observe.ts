import type { Ports } from '../../ports/index.ts';
import { hasDeparted, isDeparture } from '../../state/departure.ts';
import { keptPods } from '../../state/kept-pods.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { seenForMs, withSightings } from '../../state/sightings.ts';
import type { WaitReason } from '../../state/status.ts';
import { countingAssignments, departing, maySponsor, takesBack } from './departing.ts';
import { lookAtMissing } from './look-at-missing.ts';
import { isOutOfService } from './marks.ts';
import type { Memory } from './memory.ts';
import { observeCluster } from './observe-cluster.ts';
import type { Departing, Observed, SponsoredDeparture, Withdrawn } from './observed.ts';
import { addressesElsewhere, successorOf } from './successor.ts';

type Seen = Omit<SponsoredDeparture, 'drainingForMs' | 'outOfServiceForMs'>;

const OWN: WaitReason = {
  reason: 'own-departure',
  message:
    'a control plane does not see itself out of the cluster: the leader has to name another one',
};

/** Asks Kubernetes and etcd only for departures that are not done. */
export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, self, store } = ports;
  const spec = store.get('spec', SINGLETON)?.value;
  const timeoutSeconds = spec?.upgrade.drainTimeoutSeconds;
  const sponsors = maySponsor(ports);
  const asked = departing(ports);
  await lookAtMissing(ports, memory);
  const seen: Seen[] = [];
  for (const of of asked) {
    const entry = store.get('departure', of.nodeId);
    if (sponsors ? !isDone(entry, of) : of.nodeId === self.nodeId) {
      seen.push(await seenOf(of, entry, ports, memory));
    }
  }
  return {
    nodeId: self.nodeId,
    addresses: self.record.addresses,
    wallMs: clock.wallMs(),
    drainTimeoutMs:
      timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : timeoutSeconds * 1_000,
    keeps: keptPods(spec),
    mayNotActYet: !sponsors && asked.length > 0,
    departures: timed(seen, memory, clock.nowMs()),
    withdrawn: sponsors ? await withdrawn(ports) : [],
  };
}

/** What is done stays done, whoever did it: the node may be back in another role by now. */
function isDone(entry: Entry<'departure'> | undefined, of: Departing): boolean {
  return hasDeparted(of, entry?.value);
}

async function seenOf(
  of: Departing,
  entry: Entry<'departure'> | undefined,
  ports: Ports,
  memory: Memory,
): Promise<Seen> {
  const { self, store } = ports;
  const isOwn = of.nodeId === self.nodeId;
  return {
    of,
    entry,
    isRecalled: isRecalled(of, store),
    successor: successorOf(of, store),
    elsewhere: addressesElsewhere(of, store),
    cluster: isOwn ? { unseen: OWN } : await observeCluster(of, ports, memory),
  };
}

function isRecalled({ nodeId, operationId }: Departing, store: Ports['store']): boolean {
  const request = store.get('request', nodeId)?.value;
  return request?.type === 'stay' && request.operationId === operationId;
}

/** How long this process has seen each departure in a stage that has an end. */
function timed(seen: readonly Seen[], memory: Memory, nowMs: number) {
  memory.stages = withSightings(memory.stages, seen.flatMap(stagesOf), nowMs);
  const ageMs = (stage: string) => seenForMs(memory.stages, stage, nowMs);
  return seen.map((each) => ({
    ...each,
    drainingForMs: ageMs(drain(each.of)),
    outOfServiceForMs: ageMs(outOfService(each.of)),
  }));
}

function stagesOf({ of, cluster }: Seen): readonly string[] {
  const marks = 'unseen' in cluster ? undefined : cluster.node?.marks;
  return marks && isOutOfService(marks) ? [drain(of), outOfService(of)] : [drain(of)];
}

function drain({ operationId }: Departing): string {
  return `${operationId}/drain`;
}

function outOfService({ operationId }: Departing): string {
  return `${operationId}/out-of-service`;
}

/** Departures that were begun, and whose node is asked for something else by now. */
async function withdrawn(ports: Ports): Promise<readonly Withdrawn[]> {
  const { kube, store } = ports;
  const begun = store.list('departure').filter(({ value }) => value.state !== 'done');
  if (begun.length === 0) return [];
  const stays = countingAssignments(store).filter(({ task }) => !isDeparture(task));
  const found: Withdrawn[] = [];
  for (const entry of begun) {
    const node = store.get('node', entry.key)?.value.hostname;
    const isWithdrawn = stays.some(({ nodeId }) => nodeId === entry.key);
    if (!isWithdrawn || node === undefined || !takesBack(entry, ports)) continue;
    const marks = await kube.nodeMarks(node);
    found.push({ entry, node, labels: marks?.labels ?? {} });
  }
  return found;
}

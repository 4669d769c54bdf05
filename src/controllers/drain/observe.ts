import type { Ports } from '../../ports/index.ts';
import { keptPods } from '../../state/kept-pods.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { seenForMs, withSightings } from '../../state/sightings.ts';
import { keeperOf, maySponsor } from '../../state/sponsorship.ts';
import { asksOf } from './asks.ts';
import { leftBehind } from './leftovers.ts';
import type { Memory } from './memory.ts';
import { observeNode } from './observe-node.ts';
import type { Ask, Leftover, Observed, SponsoredDrain } from './observed.ts';
import { outdatedMarks } from './outdated.ts';

/** Asks Kubernetes only for drains that have something left to be done now. */
export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, leases, self, store } = ports;
  const { nodeId } = self;
  const spec = store.get('spec', SINGLETON)?.value;
  const timeoutSeconds = spec?.upgrade.drainTimeoutSeconds;
  const asks = asksOf(ports);
  const acts = maySponsor(nodeId, store, leases.sinceLogFailoverMs());
  return {
    nodeId,
    wallMs: clock.wallMs(),
    drainTimeoutMs:
      timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : timeoutSeconds * 1_000,
    keeps: keptPods(spec),
    mayNotActYet: !acts && asks.length > 0,
    drains: acts ? await drainsOf(asks, ports, memory) : [],
    leftovers: acts ? await leftoversOf(ports) : [],
    unreleased: leftBehind(store).map(({ key }) => {
      return { nodeId: key, hostname: hostnameOf(key, ports) ?? key };
    }),
    outdatedMarks: acts ? await outdatedMarks(asks, ports, memory) : [],
  };
}

async function drainsOf(asks: readonly Ask[], { clock, kube, store }: Ports, memory: Memory) {
  const nowMs = clock.nowMs();
  memory.drains = withSightings(
    memory.drains,
    asks.map(({ operationId }) => operationId),
    nowMs,
  );
  const drains: SponsoredDrain[] = [];
  for (const of of asks) {
    const entry = store.get('drain', of.nodeId);
    if (isSettled(of, entry)) continue;
    const empties = of.work === 'under-way' && !of.recalled;
    const sight = await observeNode(of.hostname, empties, kube);
    const drainingForMs = seenForMs(memory.drains, of.operationId, nowMs);
    drains.push({ of, entry, drainingForMs, sight });
  }
  return drains;
}

/** Nothing more is to be done: it takes pods again, or is empty until its work ends. */
function isSettled(of: Ask, entry: Entry<'drain'> | undefined): boolean {
  if (entry?.value.operationId !== of.operationId) return false;
  const { state } = entry.value;
  return state === 'released' || (state === 'drained' && of.work === 'under-way');
}

async function leftoversOf(ports: Ports): Promise<readonly Leftover[]> {
  const { kube, self, store } = ports;
  const found: Leftover[] = [];
  for (const entry of leftBehind(store)) {
    if (keeperOf(entry.value.by, store) !== self.nodeId) continue;
    const hostname = hostnameOf(entry.key, ports);
    const sight =
      hostname === undefined ? { node: undefined } : await observeNode(hostname, false, kube);
    found.push({ entry, hostname, sight });
  }
  return found;
}

function hostnameOf(nodeId: string, { store }: Ports): string | undefined {
  return store.get('node', nodeId)?.value.hostname;
}

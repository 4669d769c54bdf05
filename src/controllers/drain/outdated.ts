import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { KubeNodeMarks } from '../../ports/kube-objects.ts';
import type { Store } from '../../ports/store.ts';
import { OUTDATED_TAINT } from '../../state/drain-marks.ts';
import { isOver } from '../../state/rollout-under-way.ts';
import { isSameTaint } from '../../state/same-taint.ts';
import { keeperOf } from '../../state/sponsorship.ts';
import type { Memory } from './memory.ts';
import type { Ask, OutdatedMark } from './observed.ts';

/** How workers are to be marked, and as of which rollout. */
interface Wanted {
  readonly epoch: string;
  /** By name of the Node. */
  readonly nodes: ReadonlyMap<string, boolean>;
}

/**
 * Marks to be set or taken away. While kubelets are upgraded, by who sponsors one of them: workers
 * whose kubelet is another release are outdated. Once the rollout is over, by the first of the control
 * planes: nobody is. A Node that is as it should be is not asked again in the same rollout.
 */
export async function outdatedMarks(
  asks: readonly Ask[],
  ports: Ports,
  memory: Memory,
): Promise<readonly OutdatedMark[]> {
  try {
    const wanted = (await whileUpgraded(asks, ports)) ?? onceOver(ports);
    return wanted === undefined ? [] : await differing(wanted, ports, memory);
  } catch (error) {
    // Marks can wait for an API server that answers.
    if (error instanceof RetryableError && error.code === 'kube.unreachable') return [];
    throw error;
  }
}

async function differing(
  { epoch, nodes }: Wanted,
  { kube }: Ports,
  memory: Memory,
): Promise<readonly OutdatedMark[]> {
  if (memory.outdated.epoch !== epoch) memory.outdated = { epoch, nodes: new Map() };
  const known = memory.outdated.nodes;
  const differ: OutdatedMark[] = [];
  for (const [node, outdated] of nodes) {
    if (known.get(node) === outdated) continue;
    const marks = await kube.nodeMarks(node);
    if (marks && isOutdated(marks) !== outdated) differ.push({ node, outdated });
    else known.set(node, outdated);
  }
  return differ;
}

function isOutdated({ taints }: KubeNodeMarks): boolean {
  return taints.some((taint) => isSameTaint(taint, OUTDATED_TAINT));
}

async function whileUpgraded(asks: readonly Ask[], ports: Ports): Promise<Wanted | undefined> {
  const ask = asks.find(({ task }) => task === 'upgrade-kubelet');
  const planId = ask && ports.store.get('order', ask.nodeId)?.value.planId;
  if (!ask || !planId) return undefined;
  const names = workers(ports.store);
  const there = (await ports.kube.nodes()).filter(({ name }) => names.includes(name));
  const nodes = there.map(
    ({ name, kubeletVersion }) => [name, kubeletVersion !== ask.kubernetesVersion] as const,
  );
  return { epoch: `${planId} ${ask.kubernetesVersion}`, nodes: new Map(nodes) };
}

function onceOver({ self, store }: Ports): Wanted | undefined {
  const upgrades = store.list('rollout').filter(({ value }) => value.action === 'upgrade');
  const progresses = store.list('progress');
  const [newest] = upgrades.toSorted((left, right) => right.revision - left.revision);
  if (newest === undefined || !upgrades.every(({ key }) => isOver(key, { progresses })))
    return undefined;
  if (keeperOf(undefined, store) !== self.nodeId) return undefined;
  const nodes = new Map(workers(store).map((name) => [name, false]));
  return { epoch: `${newest.key} over`, nodes };
}

/** Host names of the nodes that serve as workers. */
function workers(store: Store): readonly string[] {
  return store
    .list('assignment')
    .filter(({ value }) => value.role === 'worker')
    .flatMap(({ key }) => store.get('node', key)?.value.hostname ?? []);
}

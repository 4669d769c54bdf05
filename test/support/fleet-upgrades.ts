import { type Fleet, type FleetOptions, startFleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../src/simulation/fleet/until-whole.ts';
import type { Role } from '../../src/state/assignment.ts';
import type { OrderTask } from '../../src/state/order.ts';
import type { Hold, Progress } from '../../src/state/rollout.ts';
import { spec } from './controllers-entries.ts';
import { logOf } from './fleet-log.ts';
import { editSpec } from './fleet-orders.ts';

const HOUR_MS = 3_600_000;
/** Controllers look again every 10 s. */
const SETTLED_MS = 30_000;

interface Upgrade {
  readonly nodes: number;
  readonly seed: number;
  /** What is on every host: the cluster is founded with the first. */
  readonly releases: readonly string[];
  readonly options?: Partial<FleetOptions>;
}

/** A whole cluster of the first release, whose hosts have all of them. */
export async function fleetOf({ nodes, seed, releases, options = {} }: Upgrade): Promise<Fleet> {
  const fleet = startFleet({
    nodes,
    seed,
    host: () => ({ kubernetesVersions: releases }),
    ...options,
    spec: { kubernetesVersion: releases[0] ?? '', controlPlanes: 3, ...options.spec },
  });
  await untilWhole(fleet);
  await fleet.clock.advance(SETTLED_MS);
  return fleet;
}

/** People want the last of them, by way of those between. */
export async function wantLast(fleet: Fleet, releases: readonly string[]): Promise<void> {
  const upgrade = { ...spec().upgrade, through: releases.slice(1, -1) };
  await editSpec(fleet, { kubernetesVersion: releases.at(-1) ?? '', upgrade });
}

/** Lets time pass until the newest rollout is one that has ended. */
export async function untilRolledOut(fleet: Fleet): Promise<void> {
  await until(fleet, () => {
    const rollouts = logOf(fleet).list('rollout');
    return (
      rollouts.length > 0 && rolloutsIn(fleet).every(({ endedWallMs }) => endedWallMs !== null)
    );
  });
}

/** Lets time pass until Kubernetes shows that release everywhere, however many rollouts that takes. */
export async function untilAllAre(fleet: Fleet, release: string): Promise<void> {
  await until(fleet, () => runningIn(fleet).releases.every((each) => each === release));
  await untilRolledOut(fleet);
}

/** Lets time pass until the node has begun that, as its entry says. */
export async function untilAtWork(
  fleet: Fleet,
  task: OrderTask,
  isTheOne: (machine: Machine) => boolean = () => true,
): Promise<Machine> {
  let found: Machine | undefined;
  await until(fleet, () => {
    found = fleet.machines.filter(isTheOne).find((machine) => {
      const work = logOf(fleet).get('upkeep', machine.node().nodeId)?.value.work;
      return work?.task === task && work.state === 'under-way' && work.waiting === null;
    });
    return found !== undefined;
  });
  if (!found) throw new RangeError(`nobody was at ${task}`);
  return found;
}

export async function until(fleet: Fleet, isTrue: () => boolean): Promise<void> {
  const endMs = fleet.clock.nowMs() + HOUR_MS;
  while (!isTrue()) {
    if (fleet.clock.nowMs() > endMs) throw new Error(`it never came to that: ${standing(fleet)}`);
    await fleet.clock.advance(1_000);
  }
}

export function rolloutsIn(fleet: Fleet): readonly Progress[] {
  const log = logOf(fleet);
  return log.list('progress').map(({ value }) => value);
}

/** What people say of the rollout under way. */
export async function say(fleet: Fleet, word: Hold['word']): Promise<void> {
  const log = logOf(fleet);
  const open = rolloutsIn(fleet).find(({ endedWallMs }) => endedWallMs === null);
  const planId = open?.planId ?? '';
  const saidWallMs = Math.round(fleet.clock.wallMs());
  const ifRevision = log.get('hold', planId)?.revision ?? 0;
  await fleet.clock.drive(log.put('hold', planId, { planId, word, saidWallMs }, ifRevision));
}

export function hasRole(fleet: Fleet, role: Role): (machine: Machine) => boolean {
  return (machine) => logOf(fleet).get('assignment', machine.node().nodeId)?.value.role === role;
}

/** What Kubernetes itself shows of releases and cordons. */
export function runningIn({ world }: Fleet) {
  const nodes = [...world.state.clusters.values()].flatMap((each) => [...each.nodes.values()]);
  return {
    releases: [...new Set(nodes.map(({ kubeletVersion }) => kubeletVersion))],
    cordoned: nodes.filter(({ unschedulable }) => unschedulable).map(({ name }) => name),
    notReady: nodes.filter(({ ready }) => !ready).map(({ name }) => name),
  };
}

/** Of which releases the parts are that each node tells of. */
export function toldReleases(fleet: Fleet): readonly string[] {
  const parts = logOf(fleet)
    .list('upkeep')
    .flatMap(({ value: { parts: each } }) => {
      return [each.kubelet, each.apiServer, each.controllerManager, each.scheduler, each.cluster];
    });
  return [...new Set(parts.filter((version) => version !== null))];
}

function standing(fleet: Fleet): string {
  const log = logOf(fleet);
  const orders = log.list('order').map(({ value }) => {
    const hostname = log.get('node', value.nodeId)?.value.hostname;
    const work = log.get('upkeep', value.nodeId)?.value.work;
    return `${hostname} ${value.task}: ${work?.step} ${work?.waiting?.message ?? ''}`;
  });
  const waits = rolloutsIn(fleet).map(({ planId, state, stage, waiting }) => {
    return `${planId} ${state} ${stage} ${waiting?.message ?? ''}`;
  });
  return [...waits, ...orders].join('; ');
}

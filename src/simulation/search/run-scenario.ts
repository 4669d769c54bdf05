import { USUAL_RETRY } from '../../state/join-retry.ts';
import { check, type Violation } from '../checker/check.ts';
import { failPointOf } from '../faults/fail-point.ts';
import { schedule } from '../faults/schedule.ts';
import { type Fleet, type FleetOptions, startFleet } from '../fleet/fleet.ts';
import { perfectLink } from '../fleet/link-quality.ts';
import { untilWhole } from '../fleet/until-whole.ts';
import type { Trace } from '../trace/entry.ts';
import { coreOf } from './core.ts';
import { askForRelease, untilReleased } from './release-edit.ts';
import type { Scenario } from './scenario.ts';

/** A machine whose kubeadm was interrupted waits up to two minutes for what that left behind. */
const WHOLE_WITHIN_MS = 15 * 60_000;
const LED_WITHIN_MS = 5 * 60_000;
const AFTERMATH_MS = 30_000;
const FOUNDED_WITH = 'v1.34.4';
/** Most clusters are whole by then. */
const UPGRADE_AT_MS = 50_000;
/** Each node takes a minute, and one that was in trouble is waited for. */
const UPGRADED_WITHIN_MS = 60 * 60_000;
/** One run in so many is watched until nothing may change any more; the last to go are tokens and waits. */
const QUIET_SHARE = 4;
const TIDY_MS = 180_000;

/** How a run went, and what is wrong about that. */
export interface Run {
  readonly scenario: Scenario;
  readonly trace: Trace;
  readonly violations: readonly Violation[];
  /** What did not come about in time; undefined when all that had to did. */
  readonly missed: string | undefined;
  readonly virtualMs: number;
  /** By fail point: how many calls of agents went through it. */
  readonly failPoints: ReadonlyMap<string, number>;
}

/** What a mutant of the product changes. */
export type Alterations = Pick<FleetOptions, 'controllers' | 'alterPorts' | 'canaries'>;

/** Runs a scenario to its end and judges what happened. */
export async function runScenario(scenario: Scenario, altered: Alterations = {}): Promise<Run> {
  const { seed, nodes, controlPlanes, graceSeconds, startWithinMs, faults, upgradeTo } = scenario;
  const { promotion = 'in-place' } = scenario;
  const replacement = { graceSeconds, policy: 'auto', promotion, retry: USUAL_RETRY } as const;
  const spec = { controlPlanes, replacement };
  const fleet = startFleet({
    ...altered,
    ...(upgradeTo && { host: () => ({ kubernetesVersions: [FOUNDED_WITH, upgradeTo] }) }),
    seed,
    nodes,
    startWithinMs,
    spec,
  });
  if (upgradeTo) void askForRelease(fleet, upgradeTo, UPGRADE_AT_MS);
  const failPoints = new Map<string, number>();
  fleet.onCall((_machine, call, args) => {
    const point = failPointOf(call, args);
    failPoints.set(point, (failPoints.get(point) ?? 0) + 1);
  });
  await fleet.clock.advance(startWithinMs);
  await fleet.clock.drive(schedule(fleet, faults), Number.POSITIVE_INFINITY);
  const missed = await end(fleet, scenario);
  fleet.end();
  const trace = fleet.recorder.trace();
  return {
    scenario,
    trace,
    violations: check(trace),
    missed,
    virtualMs: fleet.clock.nowMs(),
    failPoints,
  };
}

/** Mends what the mode says, and sees what comes of it. */
async function end(fleet: Fleet, { mode, seed, upgradeTo }: Scenario): Promise<string | undefined> {
  if (mode === 'safety') {
    await fleet.clock.advance(AFTERMATH_MS);
    return undefined;
  }
  const core = mode === 'core' ? coreOf(fleet, seed) : fleet.machines;
  for (const machine of fleet.machines) if (!core.includes(machine)) machine.powerOff();
  fleet.recorder.note('*', { type: 'script.healed' });
  mend(fleet, core);
  if (mode === 'core') return untilLed(fleet);
  return (await untilUpgraded(fleet, upgradeTo)) ?? untilAllServe(fleet, seed);
}

/** Faults overlap, so some end what others began: now everything of the core really is there. */
function mend({ world, network, multicast, logs }: Fleet, core: Fleet['machines']): void {
  world.heal();
  Object.assign(network.quality, perfectLink());
  network.rerouted.clear();
  multicast.loss = 0;
  for (const machine of core) {
    machine.directory().trouble = 'none';
    machine.directory().slowMs = 0;
    machine.link()?.setWatching(true);
    machine.resume();
    machine.boot();
  }
  for (const log of logs.all()) log.weigh();
}

async function untilUpgraded(
  fleet: Fleet,
  release: Scenario['upgradeTo'],
): Promise<string | undefined> {
  if (release === undefined) return undefined;
  try {
    await untilReleased(fleet, release, UPGRADED_WITHIN_MS);
    return undefined;
  } catch {
    return `Not every node ran ${release} ${UPGRADED_WITHIN_MS} ms after the last fault was over.`;
  }
}

async function untilAllServe(fleet: Fleet, seed: number): Promise<string | undefined> {
  try {
    await untilWhole(fleet, WHOLE_WITHIN_MS);
  } catch {
    return `The cluster was not whole ${WHOLE_WITHIN_MS} ms after the last fault was over.`;
  }
  if (seed % QUIET_SHARE === 0) {
    await fleet.clock.advance(TIDY_MS);
    fleet.recorder.note('*', { type: 'script.settled' });
  }
  await fleet.clock.advance(AFTERMATH_MS);
  return undefined;
}

async function untilLed(fleet: Fleet): Promise<string | undefined> {
  try {
    await fleet.clock.runUntil(() => fleet.leader() !== undefined, LED_WITHIN_MS);
  } catch {
    return `The core had no leader ${LED_WITHIN_MS} ms after the last fault was over.`;
  }
  await fleet.clock.advance(AFTERMATH_MS);
  return fleet.leader() ? undefined : 'The core lost the leader that it had.';
}

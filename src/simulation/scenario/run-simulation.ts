import type { Blueprint } from './blueprint.ts';
import { carryOut } from './carry-out.ts';
import { partOf, replicaHosts, viewOfLog } from './final-facts.ts';
import { form } from './form.ts';
import { type OutsideView, viewFromOutside } from './outside-view.ts';
import type { Plan } from './plan.ts';
import { report } from './report.ts';
import type { Simulation } from './simulation.ts';
import { type StartedFleet, startBlueprint } from './start-blueprint.ts';

const STEP_MS = 10_000;

interface Progress {
  /** Until then no time of the plan passes. */
  readonly isForming: boolean;
  /** Virtual time, of forming or of the plan. */
  readonly passedMs: number;
}

/** Told now and then how far it is. */
export type OnProgress = (progress: Progress) => void;

interface Running extends StartedFleet {
  readonly blueprint: Blueprint;
  readonly plan: Plan;
  readonly outside: OutsideView;
  readonly onProgress: OnProgress;
}

/** Forms the cluster in virtual time, does to it what is planned, and tells how that ends. */
export async function runSimulation(
  blueprint: Blueprint,
  plan: Plan,
  onProgress: OnProgress = () => undefined,
): Promise<Simulation> {
  const kubernetesVersions = [...new Set(versionsOf(blueprint, plan))];
  const started = startBlueprint(blueprint, { seed: plan.seed, kubernetesVersions });
  const outside = viewFromOutside(started.fleet);
  try {
    return await run({ ...started, blueprint, plan, outside, onProgress });
  } finally {
    outside.stop();
    started.fleet.end();
  }
}

async function run(running: Running): Promise<Simulation> {
  const { fleet, blueprint, plan, outside, onProgress } = running;
  const wholeMs = await form(running, blueprint, (passedMs) =>
    onProgress({ isForming: true, passedMs }),
  );
  const startMs = fleet.clock.nowMs();
  const replicas = replicaHosts(fleet);
  const notes = [...blueprint.notes, ...formingNotes(running, wholeMs)];
  for (const event of plan.events) {
    await passUntil(running, startMs, event.atMs);
    await carryOut(fleet, event, (hostname) => partOf(fleet, hostname, replicas ?? []));
    outside.look();
  }
  await passUntil(running, startMs, plan.forMs);
  outside.look();
  const sights = outside.sights();
  return report({ fleet, blueprint, plan, sights, wholeMs, startMs, replicas, notes });
}

async function passUntil(
  { fleet: { clock }, onProgress }: Running,
  startMs: number,
  atMs: number,
): Promise<void> {
  for (let passedMs = clock.nowMs() - startMs; passedMs < atMs; ) {
    await clock.advance(Math.min(STEP_MS, atMs - passedMs));
    passedMs = clock.nowMs() - startMs;
    onProgress({ isForming: false, passedMs });
  }
}

function versionsOf({ kubernetesVersion, spec }: Blueprint, { events }: Plan): readonly string[] {
  const upgrades = events.flatMap((event) =>
    event.type === 'upgrade' ? [...event.through, event.version] : [],
  );
  return [kubernetesVersion, spec.kubernetesVersion, ...spec.upgrade.through, ...upgrades];
}

function formingNotes(
  { fleet, blueprint }: Running,
  wholeMs: number | undefined,
): readonly string[] {
  const { nodes } = viewOfLog(fleet);
  const differing = blueprint.machines.filter(({ hostname, role }) => {
    const given = nodes.find((node) => node.hostname === hostname)?.role ?? null;
    return role !== null && role !== given;
  });
  return [
    ...(wholeMs === undefined ? ['The cluster was not whole before the events.'] : []),
    ...differing.map(({ hostname, role }) => `${hostname} is no ${role} here, as it is there.`),
  ];
}

import type { NodeView } from '../../state/agent-view.ts';
import type { Node } from '../../state/node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { TraceEntry } from '../trace/entry.ts';
import type { Blueprint } from './blueprint.ts';
import { finalFacts, finalMachines, viewOfLog } from './final-facts.ts';
import { logWorks } from './log-works.ts';
import { type Outage, outages, type WorksFrom } from './outages.ts';
import type { Sight } from './outside-view.ts';
import type { Plan } from './plan.ts';
import type { FinalNode, Simulation } from './simulation.ts';
import { timeline } from './timeline.ts';
import { judge } from './verdict.ts';

/** All there is to tell of a simulation that came to its end. */
export interface Ended {
  readonly fleet: Fleet;
  readonly blueprint: Blueprint;
  readonly plan: Plan;
  readonly sights: readonly Sight[];
  /** When the cluster was whole first; undefined: never. */
  readonly wholeMs: number | undefined;
  /** When the time of the plan began. */
  readonly startMs: number;
  /** Hosts of the log's replicas; undefined: no log was founded. */
  readonly replicas: readonly string[] | undefined;
  readonly notes: readonly string[];
}

export function report(ended: Ended): Simulation {
  const { fleet, plan, sights, wholeMs, replicas, notes } = ended;
  const { kubernetesVersion, expectedNodes, genesis } = ended.blueprint;
  const { entries } = fleet.recorder.trace();
  return {
    origin: genesis === null ? 'empty machines' : 'copy of the running cluster',
    seed: plan.seed,
    kubernetesVersion,
    forMs: plan.forMs,
    wholeAfterMs: wholeMs ?? null,
    timeline: relativeTimeline(ended, entries),
    nodes: finalNodes(fleet, plan),
    apiOutages: relativeOutages(ended, sights.map(apiWorks)),
    logOutages: relativeOutages(ended, logWorks(entries)),
    verdict: judge(finalFacts(fleet, { plan, expectedNodes, replicas })),
    notes,
  };
}

/** How a copied cluster came to be in the simulation is of no interest. */
function relativeTimeline(
  { sights, startMs, blueprint }: Ended,
  entries: readonly TraceEntry[],
): Simulation['timeline'] {
  const lines = timeline(entries, sights).map((line) => {
    return { ...line, atMs: Math.round(line.atMs - startMs) };
  });
  return blueprint.genesis === null ? lines : lines.filter(({ atMs }) => atMs >= 0);
}

function relativeOutages(
  { startMs, plan }: Ended,
  changes: readonly WorksFrom[],
): readonly Outage[] {
  const period = { fromMs: startMs, toMs: startMs + plan.forMs };
  return outages(changes, period).map(({ fromMs, toMs }) => {
    return { fromMs: Math.round(fromMs - startMs), toMs: Math.round(toMs - startMs) };
  });
}

function apiWorks({ atMs, apiServers }: Sight): WorksFrom {
  return { atMs, works: apiServers.length > 0 };
}

function finalNodes(fleet: Fleet, plan: Plan): readonly FinalNode[] {
  const { nodes } = viewOfLog(fleet);
  return finalMachines(fleet, plan).map(({ hostname, state }) => {
    const enrolled = nodes.find((node) => node.hostname === hostname);
    const view = enrolled ?? stranger(fleet.machine(hostname).node());
    return { ...(state === 'running' ? view : gone(view)), machine: state };
  });
}

/** Whoever stands beside the cluster knows of it before the log does, or where that never will. */
function gone(view: NodeView): NodeView {
  if (view.phase === 'left' || view.liveness === 'dead') return view;
  return { ...view, phase: 'unknown', ready: false, liveness: 'dead', drain: null };
}

/** A machine that the log does not know. */
function stranger({ nodeId, hostname, addresses, zone }: Node): NodeView {
  return {
    ...{ nodeId, hostname, address: addresses[0] ?? '', zone, role: null },
    ...{ phase: 'not enrolled', ready: false, kubeletVersion: null, parts: null },
    ...{ liveness: 'unknown', leaving: false, drain: null, standBy: null, waiting: null },
  };
}

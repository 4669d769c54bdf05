import type { Beats } from '../../ports/beats.ts';
import type { Kube } from '../../ports/kube.ts';
import type { Observers } from '../../ports/observers.ts';
import type { Store } from '../../ports/store.ts';
import type { NodeId } from '../../state/node-id.ts';
import { MAX_PROBES, missedNodes, type Probe, type ProbeReport } from '../../state/probe.ts';
import { createReportBook } from '../../state/report-book.ts';
import { servesAsControlPlane } from '../../state/serves-as-control-plane.ts';
import { watchKubelets } from './kubelets.ts';
import { type ProberDeps, startProber } from './prober.ts';

export interface RunningObservers extends Observers {
  /** What this agent finds itself. */
  probes(): readonly Probe[];
  /**
   * Whom to suspect, also while no leader judges: those that this agent does not reach itself, and
   * those that two others do not. For people; verdicts take more.
   */
  missed(): ReadonlySet<NodeId>;
  stop(): Promise<void>;
}

interface ObservingDeps extends Omit<ProberDeps, 'onNews'> {
  readonly beats: Beats;
  readonly kube: Pick<Kube, 'nodeLeases'>;
  readonly self: { readonly nodeId: NodeId; readonly incarnation: number };
}

/** Asks others whether they are there, tells all agents what it finds, and hears what they find. */
export function startObserving(deps: ObservingDeps): RunningObservers {
  const { beats, clock, self, store } = deps;
  const book = createReportBook();
  const kubelets = watchKubelets({
    ...deps,
    mayAsk: () => servesAsControlPlane(self.nodeId, store),
    silent: () => silentProbes().flatMap(({ nodeId }) => hostnameOf(store, nodeId) ?? []),
    onNews: tell,
  });
  const unlisten = beats.listen(({ nodeId, probes }) => {
    book.heard({ observer: nodeId, probes }, clock.nowMs());
    if (probes.some(isSilent)) kubelets.wake();
  });
  const prober = startProber({
    ...deps,
    onNews() {
      tell();
      kubelets.wake();
    },
  });

  /** Without a replica nobody hears it; the next regular beat says it, too. */
  function tell(): void {
    const { nodeId, incarnation } = self;
    beats.send({ nodeId, incarnation, probes: probes() });
  }

  /** Of all observers, one for each node. */
  function silentProbes(): readonly Probe[] {
    const told = book.reports(clock.nowMs()).flatMap((report) => report.probes.filter(isSilent));
    const silent = [...prober.probes().filter(isSilent), ...told];
    const others = silent.filter(({ nodeId }) => nodeId !== self.nodeId);
    return [...new Map(others.map((probe) => [probe.nodeId, probe])).values()];
  }

  /** What this agent finds, with the kubelets of those who are silent, to whomever. */
  function probes(): readonly Probe[] {
    const own = prober.probes();
    const silent = silentProbes();
    if (silent.length === 0) return own;
    const beating = silent
      .filter(kubeletBeats)
      .filter(({ nodeId }) => !own.some((each) => each.nodeId === nodeId && !isSilent(each)))
      .map((probe): Probe => ({ ...probe, finding: 'kubelet-beats' }));
    const rest = own.filter(({ nodeId }) => !beating.some((each) => each.nodeId === nodeId));
    return [...beating, ...rest].slice(0, MAX_PROBES);
  }

  /** Who is dead stays dead until it shows a sign of life, and not to have looked is none. */
  function kubeletBeats(probe: Probe): boolean {
    if (hasHeir(store, probe.nodeId)) return false;
    const life = kubelets.lifeOf(hostnameOf(store, probe.nodeId) ?? '');
    return life === 'renews' || (life === 'unwatched' && !isDead(store, probe));
  }

  function reports(): readonly ProbeReport[] {
    const { nodeId } = self;
    const others = book.reports(clock.nowMs()).filter(({ observer }) => observer !== nodeId);
    return [...others, { observer: nodeId, probes: probes() }].toSorted(byObserver);
  }

  return {
    probes,
    reports,
    clocks: () => prober.clocks(),
    roundTripMs: () => prober.roundTripMs(),
    missed: () => missedNodes(reports(), self.nodeId),
    async stop() {
      unlisten();
      await prober.stop();
      await kubelets.stop();
    },
  };
}

function isSilent({ finding }: Probe): boolean {
  return finding === 'silent' || finding === 'kubelet-beats';
}

/** Whether another node has a role under its host name: a Node of that name, and its lease, are that one's. */
function hasHeir(store: Pick<Store, 'get' | 'list'>, nodeId: NodeId): boolean {
  const hostname = hostnameOf(store, nodeId);
  return store.list('assignment').some(({ key, value: { role } }) => {
    return key !== nodeId && role !== 'spare' && hostnameOf(store, key) === hostname;
  });
}

function isDead(store: Pick<Store, 'get'>, { nodeId, incarnation }: Probe): boolean {
  const judged = store.get('liveness', nodeId)?.value;
  return judged?.verdict === 'dead' && judged.incarnation === incarnation;
}

function hostnameOf(store: Pick<Store, 'get'>, nodeId: NodeId): string | undefined {
  return store.get('node', nodeId)?.value.hostname;
}

function byObserver(a: ProbeReport, b: ProbeReport): number {
  return a.observer < b.observer ? -1 : 1;
}

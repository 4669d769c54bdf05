import type { Fleet } from '../fleet/fleet.ts';

const LOOK_EVERY_MS = 1_000;

/** What somebody sees who stands beside the cluster and can reach all of it. */
export interface Sight {
  readonly atMs: number;
  /** Hosts whose API server is ready, which takes a quorum of etcd. */
  readonly apiServers: readonly string[];
  /** Nodes that Kubernetes calls Ready. */
  readonly readyNodes: readonly string[];
}

export interface OutsideView {
  /** Each time it was another one, oldest first. */
  sights(): readonly Sight[];
  /** Looks now, and not only at the next second. */
  look(): void;
  stop(): void;
}

/** Looks at the machines once a second of virtual time. */
export function viewFromOutside(fleet: Fleet): OutsideView {
  const { clock } = fleet;
  const stopping = new AbortController();
  const seen: Sight[] = [];
  let last = '';

  function look(): void {
    const sight = sightOf(fleet);
    const text = JSON.stringify(sight);
    if (text !== last) seen.push({ atMs: clock.nowMs(), ...sight });
    last = text;
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      look();
      await clock.sleep(LOOK_EVERY_MS, stopping.signal);
    }
  }

  void watch();
  return { sights: () => seen, look, stop: () => stopping.abort() };
}

function sightOf({ world }: Fleet): Omit<Sight, 'atMs'> {
  const hosts = [...world.state.hosts.values()];
  const nodes = [...world.state.clusters.values()].flatMap((cluster) => [
    ...cluster.nodes.values(),
  ]);
  return {
    apiServers: hosts.filter(({ runtime }) => runtime?.apiServerReady).map(({ name }) => name),
    readyNodes: nodes.filter(({ ready }) => ready).map(({ name }) => name),
  };
}

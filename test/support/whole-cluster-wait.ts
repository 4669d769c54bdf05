import { clusterView } from '../../src/engine/cluster-view.ts';
import { wholeness } from '../../src/engine/wholeness.ts';
import type { Kind } from '../../src/state/kinds.ts';
import type { WholeCluster } from './whole-cluster.ts';
import { factsOf, wholeFacts } from './whole-cluster-facts.ts';

const LOOK_MS = 5_000;
/** A token that nobody knows is deleted after 30 s, and a controller looks again every 10 s. */
const TIDIED_WITHIN_MS = 90_000;

/** Lets time pass until the log says that all machines serve; resolves to the virtual time that took. */
export async function untilWhole(cluster: WholeCluster, limitMs = 300_000): Promise<number> {
  const { agents, changes, clock, store } = cluster;
  const startMs = clock.nowMs();
  let looked = -1;
  let whole = false;
  await clock.runUntil(() => {
    if (looked !== changes.length) {
      looked = changes.length;
      whole = wholeness(clusterView(store), agents.length).whole;
    }
    return whole;
  }, limitMs);
  return clock.nowMs() - startMs;
}

/** Lets time pass until nothing is left to tidy up either, or should not be any more. */
export async function untilTidy(cluster: WholeCluster): Promise<void> {
  const endMs = cluster.clock.nowMs() + TIDIED_WITHIN_MS;
  while (cluster.clock.nowMs() < endMs && !isTidy(cluster)) await cluster.clock.advance(LOOK_MS);
}

function isTidy(cluster: WholeCluster): boolean {
  return JSON.stringify(factsOf(cluster)) === JSON.stringify(wholeFacts(cluster));
}

/** Everything that may change, as one text: the log's changes, what was done to hosts, and the API. */
export function fingerprint({ changes, world }: WholeCluster): string {
  const { journal, clusters } = world.state;
  const api = [...clusters.values()].map(({ nodes, tokens, etcd, addons, configuration }) => {
    return [[...nodes.values()], [...tokens.values()], etcd, [...addons], configuration];
  });
  return JSON.stringify({ changes: changes.length, journal: journal.length, api });
}

/** Keys and revisions of some kinds: equal lists mean that not one of these entries was written. */
export function revisionsOf({ store }: WholeCluster, kinds: readonly Kind[]): readonly string[] {
  return kinds.flatMap((kind) =>
    store.list(kind).map(({ key, revision }) => `${kind} ${key} ${revision}`),
  );
}

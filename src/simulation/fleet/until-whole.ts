import { clusterView } from '../../engine/cluster-view.ts';
import { wholeness } from '../../engine/wholeness.ts';
import type { Fleet } from './fleet.ts';

/** Whether the log says that all that should serve does, as `civitas status` would. */
export function isWhole(fleet: Fleet, expectedNodes: number): boolean {
  const store = fleet.store();
  return store !== undefined && wholeness(clusterView(store), expectedNodes).whole;
}

/**
 * Lets time pass until the cluster is whole and notes it in the trace; resolves to the virtual time
 * that took, and rejects after `limitMs`.
 */
export async function untilWhole(fleet: Fleet, limitMs = 300_000): Promise<number> {
  const { clock, machines, recorder } = fleet;
  const startMs = clock.nowMs();
  const { entries } = recorder.trace();
  let looked = 0;
  let whole = false;
  await clock.runUntil(() => {
    const news = entries.slice(looked);
    looked = entries.length;
    if (news.some(({ type }) => type === 'log.committed')) whole = isWhole(fleet, machines.length);
    return whole;
  }, limitMs);
  recorder.note('*', { type: 'script.whole' });
  return clock.nowMs() - startMs;
}

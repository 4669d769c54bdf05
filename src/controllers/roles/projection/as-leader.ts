import type { ClusterSpec } from '../../../state/cluster-spec.ts';
import type { KnownLog } from '../../../state/known-log.ts';
import type { Observed } from '../decide.ts';

/** What `roles` would go by on whoever leads, once the cluster has that spec; undefined before a founding. */
export function asLeader(log: KnownLog, spec: ClusterSpec): Observed | undefined {
  const { nodes, livenesses, assignments, releases } = log;
  const founder = assignments.find(({ value }) => value.role === 'control-plane');
  if (!founder) return undefined;
  const term = Math.max(...assignments.map(({ value }) => value.term));
  const dead = livenesses.filter(({ value: { nodeId, incarnation, verdict } }) => {
    const node = nodes.find(({ key }) => key === nodeId)?.value;
    return verdict === 'dead' && node?.incarnation === incarnation;
  });
  const forEver = new Map(dead.map(({ key }) => [key, Number.MAX_SAFE_INTEGER]));
  const [release] = releases;
  const leader = { nodeId: null, incarnation: 0 };
  return {
    ...log,
    term,
    leadership: { kind: 'leadership', key: 'current', value: leader, revision: term },
    watchedMs: Number.MAX_SAFE_INTEGER,
    spec,
    ...(release && { release: release.value }),
    firstControlPlane: founder.key,
    deadForMs: forEver,
    missedForMs: forEver,
  };
}

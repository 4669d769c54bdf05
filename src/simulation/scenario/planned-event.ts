import type { ClusterSpec } from '../../state/cluster-spec.ts';

/** What happens to the cluster, at a moment counted from when it was whole. */
export type PlannedEvent = { readonly atMs: number } & (
  | { readonly type: 'kill' | 'power-off'; readonly host: string }
  /** Machines reach those of their own group only, from then on. */
  | { readonly type: 'partition'; readonly groups: readonly (readonly string[])[] }
  /** The spec asks for another release, and for those on the way to it. */
  | { readonly type: 'upgrade'; readonly version: string; readonly through: readonly string[] }
);

/** What a plan has to fit. */
export interface PlannedFor {
  readonly hostnames: readonly string[];
  /** As it is before any event. */
  readonly spec: ClusterSpec;
}

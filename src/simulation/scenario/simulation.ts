import type { NodeView } from '../../state/agent-view.ts';
import type { Outage } from './outages.ts';
import type { MachineState } from './quorum.ts';
import type { TimelineLine } from './timeline-line.ts';
import type { Verdict } from './verdict.ts';

/** A node as the log has it, and what became of its machine. */
export interface FinalNode extends NodeView {
  readonly machine: MachineState;
}

/** How a cluster fared. Times count from when it was whole, or as whole as its blueprint. */
export interface Simulation {
  readonly origin: 'empty machines' | 'copy of the running cluster';
  readonly seed: number;
  readonly kubernetesVersion: string;
  readonly forMs: number;
  /** How long it took to form; null when it was never whole. */
  readonly wholeAfterMs: number | null;
  /** What happened, by time; of empty machines also how they formed. */
  readonly timeline: readonly TimelineLine[];
  readonly nodes: readonly FinalNode[];
  /** No API server had a quorum of etcd. */
  readonly apiOutages: readonly Outage[];
  /** No leader among the log's replicas. */
  readonly logOutages: readonly Outage[];
  readonly verdict: Verdict;
  readonly notes: readonly string[];
}

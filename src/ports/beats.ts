import type { NodeId } from '../state/node-id.ts';
import type { Probe } from '../state/probe.ts';

export interface Beat {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  /** What that agent finds of those it asks directly. */
  readonly probes: readonly Probe[];
}

/**
 * Signs of life, from each agent to all that can reach the same majority of replicas. Nobody keeps
 * them, and one may get lost: three in a row that do are what makes a node dead.
 */
export interface Beats {
  /** False when no replica is connected. */
  send(beat: Beat): boolean;
  /** Hears all agents, this one included, through any failure; returns the way to stop. */
  listen(callback: (beat: Beat) => void): () => void;
}

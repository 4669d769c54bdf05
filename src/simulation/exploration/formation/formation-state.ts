/** One state of all nodes and of the network between them. */
export interface FormationState {
  readonly nodes: readonly number[];
  /** Envelopes under way: sorted, and as often as there are copies. */
  readonly inFlight: readonly number[];
  /** How many more ballots each node opens. */
  readonly ballots: readonly number[];
  readonly crashes: number;
  readonly losses: number;
  readonly duplicates: number;
  /** The record that somebody announced first. */
  readonly announced: string | null;
}

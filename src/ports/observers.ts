import type { ClockSight } from '../state/clock-agreement.ts';
import type { ProbeReport } from '../state/probe.ts';

/** What the agents find when they ask each other directly, heard from all of them. */
export interface Observers {
  /** The last word of each observer that was heard lately, this agent included, in order of node id. */
  reports(): readonly ProbeReport[];
  /** The wall clocks of those that this agent asks directly, as they last answered it. */
  clocks(): readonly ClockSight[];
  /**
   * How long most of those that this agent asks take to answer at their best; undefined until it has
   * asked for minutes.
   */
  roundTripMs(): number | undefined;
}

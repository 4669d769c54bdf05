import type { Role } from '../../state/assignment.ts';

/** What one pass over what was parked goes by. */
export interface Observed {
  /** Names of the files. */
  readonly parked: readonly string[];
  /** Whether the role is as the log has it, and not as it had it long ago. */
  readonly synced: boolean;
  /** Of this node in its present life; undefined where no assignment that counts says it. */
  readonly role: Role | undefined;
  /** How long this process has seen them parked. */
  readonly waitedMs: number;
}

/** One thing that happened, in words people know. */
export interface TimelineLine {
  readonly atMs: number;
  /** `*`: of no machine alone. */
  readonly host: string;
  readonly text: string;
}

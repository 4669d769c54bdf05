export interface DiscoveryHealth {
  readonly name: string;
  /** starting: nothing can be said yet; degraded: works in part; failed: finds nobody until repaired. */
  readonly state: 'starting' | 'ok' | 'degraded' | 'failed';
  /** Monotonic; when a candidate was last found, null before the first. */
  readonly lastSeenMs: number | null;
  /** One sentence for people: what it does, or what is wrong and the cure. */
  readonly message: string;
}

/**
 * A source of addresses at which a node of this cluster may listen. Addresses only, never trust:
 * whoever answers there must still prove that it holds the join key.
 */
export interface Discovery {
  readonly name: string;
  /** Searches until stopped, and never throws: troubles show in `health`. May repeat candidates. */
  start(onCandidate: (address: string, port: number) => void): { stop(): Promise<void> };
  health(): DiscoveryHealth;
}

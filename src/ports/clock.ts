export interface Clock {
  /** Milliseconds of a monotonic clock; what every timeout, lease and grace is measured with. */
  nowMs(): number;
  /** Whole milliseconds since 1970; only for people, certificates and token expiry, never for safety. */
  wallMs(): number;
  /** Resolves after `delayMs`, or at once when the signal aborts. Never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

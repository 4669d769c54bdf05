interface Bucket {
  tokens: number;
  filledMs: number;
}

export interface TokenBuckets {
  /** True when `source` may go on now; that costs it one token. */
  take(source: string, nowMs: number): boolean;
}

export interface TokenBucketOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Of more sources, the one that was silent for longest is forgotten. */
  readonly maxSources: number;
}

/** Lets every source through at its own pace, however loud the others are. */
export function createTokenBuckets(options: TokenBucketOptions): TokenBuckets {
  const { perSecond, burst, maxSources } = options;
  // A Map keeps the order of insertion: the first key is the one not used for longest.
  const buckets = new Map<string, Bucket>();

  function bucketOf(source: string, nowMs: number): Bucket {
    const bucket = buckets.get(source) ?? { tokens: burst, filledMs: nowMs };
    buckets.delete(source);
    const [oldest] = buckets.keys();
    if (buckets.size >= maxSources && oldest !== undefined) buckets.delete(oldest);
    buckets.set(source, bucket);
    return bucket;
  }

  return {
    take(source, nowMs) {
      const bucket = bucketOf(source, nowMs);
      const earned = ((nowMs - bucket.filledMs) / 1_000) * perSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + earned);
      bucket.filledMs = nowMs;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}

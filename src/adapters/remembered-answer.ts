import type { Clock } from '../ports/clock.ts';

/** Evidence may be blind to a change, so the question itself is asked again this often. */
const ASK_AGAIN_MS = 600_000;

/** A question that costs a process, such as what `nft list` says, and what shows cheaply that its answer stands. */
export interface CostlyQuestion<T> {
  ask(): Promise<T>;
  /** Changes whenever the answer may have changed; undefined where there is nothing to go by. */
  evidence(): Promise<string | undefined>;
  /** Whether an answer may be remembered at all; every one where this is left out. */
  lasts?(answer: T): boolean;
}

export interface RememberedAnswer<T> {
  /**
   * Asks the first time, after `forget`, when the evidence changed, when there is none, and every ten
   * minutes; else the last answer. Rejects as the question does, which is then asked again next time.
   */
  get(): Promise<T>;
  /** For whoever changed what the question is about. */
  forget(): void;
}

interface Known<T> {
  readonly answer: T;
  readonly evidence: string;
  readonly askedAtMs: number;
}

export function rememberAnswer<T>(
  { ask, evidence, lasts = () => true }: CostlyQuestion<T>,
  clock: Clock,
): RememberedAnswer<T> {
  let known: Known<T> | undefined;
  let changes = 0;

  function stands({ evidence: before, askedAtMs }: Known<T>, seen: string | undefined): boolean {
    return before === seen && clock.nowMs() - askedAtMs < ASK_AGAIN_MS;
  }

  return {
    async get() {
      const before = changes;
      // Read first: what changes while the question is asked is seen as a change afterwards.
      const seen = await evidence();
      if (known && stands(known, seen)) return known.answer;
      const askedAtMs = clock.nowMs();
      const answer = await ask();
      const keep = seen !== undefined && before === changes && lasts(answer);
      known = keep ? { answer, evidence: seen, askedAtMs } : undefined;
      return answer;
    },
    forget() {
      changes += 1;
      known = undefined;
    },
  };
}

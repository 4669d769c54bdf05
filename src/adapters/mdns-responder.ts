import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';

/** RFC 6762 section 6: an answer waits a little, since others answer too, and comes once a second at most. */
const ANSWER_DELAY_MS = { least: 20, spread: 100 } as const;
const REPEAT_MS = 1_000;

export interface MdnsResponderDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Multicasts the records of this node. */
  respond(): void;
}

/** Gives a function to call for each question: questions that come together get one answer. */
export function createMdnsResponder(deps: MdnsResponderDeps): () => void {
  const { clock, random, signal, respond } = deps;
  let lastMs = clock.nowMs();
  let isPending = false;

  async function respondSoon(): Promise<void> {
    isPending = true;
    const delayMs = ANSWER_DELAY_MS.least + random.number() * ANSWER_DELAY_MS.spread;
    await clock.sleep(Math.max(delayMs, lastMs + REPEAT_MS - clock.nowMs()), signal);
    isPending = false;
    if (signal.aborted) return;
    lastMs = clock.nowMs();
    respond();
  }

  return () => {
    if (!isPending) void respondSoon();
  };
}

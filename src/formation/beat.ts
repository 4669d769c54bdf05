import type { Clock } from '../ports/clock.ts';

const FORMING_BEAT_MS = 100;
/** Between two beats of a formed node; what comes in between waits for so long, and no longer. */
const FORMED_BEAT_MS = { least: 100, most: 10_000 } as const;
/** Nobody reads it; without one, each abort makes an exception with a stack trace. */
const WOKEN = 'woken';

/** What formation does again and again. */
interface BeatWork {
  isForming(): boolean;
  mayPropose(): boolean;
  greet(): void;
  /** How long until the next hello is due. */
  untilGreetMs(): number;
  remember(): void;
  tick(): void;
}

export interface Beat {
  start(work: BeatWork): void;
  /** A hello may be due earlier than it was, or formation goes on: the rest under way is measured anew. */
  wake(): void;
  /** Resolves when the last beat is over. */
  stop(): Promise<void>;
}

/** A quiet cluster costs few wake-ups: nobody proposes any more, and a node rests until its next hello. */
export function createBeat(clock: Clock): Beat {
  let current: BeatWork | undefined;
  let running = Promise.resolve();
  let isStopped = false;
  let resting = new AbortController();
  let untilMs = Number.NEGATIVE_INFINITY;

  function beat({ greet, remember, isForming, mayPropose, tick }: BeatWork): void {
    greet();
    remember();
    if (isForming() && mayPropose()) tick();
  }

  /** Begun anew whenever it turns out to be shorter. */
  async function rest(work: BeatWork): Promise<void> {
    do {
      resting = new AbortController();
      const forMs = restMs(work);
      untilMs = clock.nowMs() + forMs;
      await clock.sleep(forMs, resting.signal);
    } while (resting.signal.aborted && !isStopped);
  }

  async function run(work: BeatWork): Promise<void> {
    while (!isStopped) {
      beat(work);
      await rest(work);
    }
  }

  return {
    start(work) {
      current = work;
      running = run(work);
    },
    wake() {
      if (current && clock.nowMs() + restMs(current) < untilMs) resting.abort(WOKEN);
    },
    stop() {
      isStopped = true;
      resting.abort(WOKEN);
      return running;
    },
  };
}

function restMs({ isForming, untilGreetMs }: BeatWork): number {
  if (isForming()) return FORMING_BEAT_MS;
  const { least, most } = FORMED_BEAT_MS;
  return Math.min(Math.max(untilGreetMs(), least), most);
}

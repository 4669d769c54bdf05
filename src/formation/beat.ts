import type { Clock } from '../ports/clock.ts';
import { createAlarm } from '../runtime/alarm.ts';

const FORMING_BEAT_MS = 100;
/**
 * Between two beats of a formed node; what comes in between waits for so long, and no longer. The hellos
 * of a quiet cluster are 11 s apart at most: a beat of its own for nothing would come before each of them.
 */
const FORMED_BEAT_MS = { least: 100, most: 11_000 } as const;

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
  stop(): void;
}

/** A quiet cluster costs few wake-ups: nobody proposes any more, and a node rests until its next hello. */
export function createBeat(clock: Clock): Beat {
  const alarm = createAlarm(clock, beat);
  let current: BeatWork | undefined;

  function beat(): void {
    if (!current) return;
    const { greet, remember, isForming, mayPropose, tick } = current;
    greet();
    remember();
    if (isForming() && mayPropose()) tick();
    rest();
  }

  function rest(): void {
    if (current) alarm.set(clock.nowMs() + restMs(current));
  }

  return {
    start(work) {
      current = work;
      beat();
    },
    wake: rest,
    stop: alarm.stop,
  };
}

function restMs({ isForming, untilGreetMs }: BeatWork): number {
  if (isForming()) return FORMING_BEAT_MS;
  const { least, most } = FORMED_BEAT_MS;
  return Math.min(Math.max(untilGreetMs(), least), most);
}

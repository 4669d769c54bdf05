import type { Clock } from '../ports/clock.ts';

const FORMING_BEAT_MS = 100;
/** What a formed node hears meanwhile it passes on after this long at the latest. */
const FORMED_BEAT_MS = { least: 100, most: 2_500 } as const;

/** What formation does again and again. */
interface Beat {
  isForming(): boolean;
  mayPropose(): boolean;
  greet(): void;
  /** How long until the next hello is due. */
  untilGreetMs(): number;
  remember(): void;
  tick(): void;
}

/** Until the function that it returns was called; that resolves when the last beat is over. */
export function startBeat(clock: Clock, beat: Beat): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      beat.greet();
      beat.remember();
      if (beat.isForming() && beat.mayPropose()) beat.tick();
      await clock.sleep(restMs(beat), stopping.signal);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}

/** A quiet cluster costs few wake-ups: nobody proposes any more, and hellos have their time. */
function restMs(beat: Beat): number {
  if (beat.isForming()) return FORMING_BEAT_MS;
  const { least, most } = FORMED_BEAT_MS;
  return Math.min(Math.max(beat.untilGreetMs(), least), most);
}

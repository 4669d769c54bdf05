import type { Leadership } from '../../ports/leadership.ts';
import { createCandidacy, type LeadershipPorts } from './candidacy.ts';

/** Spreads those who all see a leader go at the same moment. */
const JITTER_MS = 200;
/** Nobody reads it; without one, each abort makes an exception with a stack trace. */
const WOKEN = 'woken';

export interface RunningLeadership extends Leadership {
  /** Steps down; with `release` the log says so, and somebody else leads at once. */
  stop(release: boolean): Promise<void>;
}

/** Runs for leader for as long as the agent lives, and leads while it is one. */
export function startLeadership(ports: LeadershipPorts): RunningLeadership {
  const { clock, random, store } = ports;
  const candidacy = createCandidacy(ports);
  const callbacks = new Set<() => void>();
  /** Ends the rest before the next step, also when it has not begun yet. */
  let wake = new AbortController();
  let isStopped = false;
  /** Somebody was told that this agent does not lead, and sleeps on it. */
  let isDenied = false;

  async function step(): Promise<void> {
    const before = candidacy.liveTerm();
    await candidacy.step();
    const term = candidacy.liveTerm();
    // A lease that lapsed and came back within one step is news to whoever asked meanwhile.
    if (term === undefined || (term === before && !isDenied)) return;
    isDenied = false;
    for (const callback of [...callbacks]) callback();
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const startedMs = clock.nowMs();
      if (wake.signal.aborted) wake = new AbortController();
      await step();
      const jitterMs = JITTER_MS * random.number();
      const restMs = startedMs + candidacy.restMs() - clock.nowMs();
      await clock.sleep(Math.max(0, restMs) + jitterMs, wake.signal);
    }
  }

  const unsubscribe = store.onChange((kind) => {
    if (kind === 'leadership') wake.abort(WOKEN);
  });
  const running = run();

  return {
    term() {
      const term = isStopped ? undefined : candidacy.liveTerm();
      isDenied ||= term === undefined;
      return term;
    },
    onLead(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    async stop(release) {
      unsubscribe();
      isStopped = true;
      wake.abort(WOKEN);
      await running;
      if (release) await candidacy.release();
    },
  };
}

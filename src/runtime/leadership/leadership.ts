import type { Leadership } from '../../ports/leadership.ts';
import { createCandidacy, type LeadershipPorts } from './candidacy.ts';

/** Spreads those who all see a leader go at the same moment. */
const JITTER_MS = 200;

export interface RunningLeadership extends Leadership {
  /** Steps down; with `release` the log says so, and somebody else leads at once. */
  stop(release: boolean): Promise<void>;
}

/** Runs for leader for as long as the agent lives, and leads while it is one. */
export function startLeadership(ports: LeadershipPorts): RunningLeadership {
  const { clock, random, store } = ports;
  const candidacy = createCandidacy(ports);
  const stopping = new AbortController();
  const callbacks = new Set<() => void>();
  let wake = new AbortController();

  async function step(): Promise<void> {
    const before = candidacy.liveTerm();
    await candidacy.step();
    const term = candidacy.liveTerm();
    if (term === undefined || term === before) return;
    for (const callback of [...callbacks]) callback();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedMs = clock.nowMs();
      wake = new AbortController();
      await step();
      const jitterMs = JITTER_MS * random.number();
      const restMs = startedMs + candidacy.restMs() - clock.nowMs();
      await clock.sleep(
        Math.max(0, restMs) + jitterMs,
        AbortSignal.any([stopping.signal, wake.signal]),
      );
    }
  }

  const unsubscribe = store.onChange((kind) => {
    if (kind === 'leadership') wake.abort();
  });
  const running = run();

  return {
    term: () => (stopping.signal.aborted ? undefined : candidacy.liveTerm()),
    onLead(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    async stop(release) {
      unsubscribe();
      stopping.abort();
      await running;
      if (release) await candidacy.release();
    },
  };
}

import { CivitasError, RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Leadership } from '../../ports/leadership.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { SINGLETON } from '../../state/kinds.ts';
import {
  BEAT_MS,
  decideLeadership,
  type LeadershipStep,
  type LeadershipView,
  LIVE_MS,
} from './decide.ts';

/** A follower looks at the ages of leases this often; a change of the entry wakes it at once. */
const LOOK_MS = 1_000;
/** Spreads those who all see a leader go at the same moment. */
const JITTER_MS = 200;

export interface LeadershipPorts
  extends Pick<Ports, 'clock' | 'leases' | 'log' | 'random' | 'self'> {
  readonly store: Pick<StoreHandle, 'get' | 'put' | 'onChange' | 'synced'>;
}

export interface RunningLeadership extends Leadership {
  /** Steps down; with `release` the log says so, and somebody else leads at once. */
  stop(release: boolean): Promise<void>;
}

interface HeldTerm {
  readonly term: number;
  /** When the last confirmed beat was sent. */
  confirmedMs: number;
}

/** Runs for leader for as long as the agent lives, and leads while it is one. */
export function startLeadership(ports: LeadershipPorts): RunningLeadership {
  const { clock, leases, log, random, self, store } = ports;
  const stopping = new AbortController();
  let held: HeldTerm | undefined;
  let wake = new AbortController();

  const current = () => store.get('leadership', SINGLETON);

  function view(): LeadershipView {
    const entry = current();
    return {
      self: self.nodeId,
      synced: store.synced,
      entry: entry && { nodeId: entry.value.nodeId, revision: entry.revision },
      heldTerm: held?.term,
      silenceMs: leases.leaderLease().silenceMs,
    };
  }

  async function renew(holding: HeldTerm): Promise<void> {
    const sentMs = clock.nowMs();
    await leases.beatLeader(holding.term);
    holding.confirmedMs = sentMs;
  }

  async function acquire(): Promise<void> {
    const entry = current();
    await leases.claimLeader(leases.leaderLease().revision);
    const sentMs = clock.nowMs();
    const value = { nodeId: self.nodeId, incarnation: self.incarnation };
    const term = await store.put('leadership', SINGLETON, value, entry?.revision ?? 0);
    held = { term, confirmedMs: sentMs };
    log.info({ event: 'leadership.acquired', term }, 'leadership acquired');
    await renew(held);
  }

  function stepDown(term: number): void {
    held = undefined;
    log.info({ event: 'leadership.lost', term }, 'leadership lost');
  }

  function carryOut(step: LeadershipStep): Promise<void> | void {
    switch (step.type) {
      case 'renew':
        return held && renew(held);
      case 'acquire':
        return acquire();
      case 'step-down':
        return stepDown(step.term);
      case 'follow':
        return;
    }
  }

  function onFailure(err: unknown): void {
    if (err instanceof CivitasError && err.code === 'lease.lost' && held) stepDown(held.term);
    // Losing a race and a log without quorum are what this loop is made for: the next look decides.
    if (err instanceof RetryableError) {
      log.debug({ event: 'leadership.unconfirmed', code: err.code, err }, 'leadership unconfirmed');
      return;
    }
    log.error({ event: 'leadership.failed', err }, 'leadership failed');
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedMs = clock.nowMs();
      wake = new AbortController();
      try {
        await carryOut(decideLeadership(view()));
      } catch (error) {
        onFailure(error);
      }
      const everyMs = held ? BEAT_MS : LOOK_MS + JITTER_MS * random.number();
      const restMs = Math.max(JITTER_MS * random.number(), startedMs + everyMs - clock.nowMs());
      await clock.sleep(restMs, AbortSignal.any([stopping.signal, wake.signal]));
    }
  }

  async function release(term: number): Promise<void> {
    try {
      await store.put('leadership', SINGLETON, { nodeId: null, incarnation: 0 }, term);
      log.info({ event: 'leadership.released', term }, 'leadership released');
    } catch (err) {
      log.warn({ event: 'leadership.not-released', term, err }, 'leadership not released');
    }
  }

  const unsubscribe = store.onChange((kind) => {
    if (kind === 'leadership') wake.abort();
  });
  const running = run();

  return {
    term() {
      if (stopping.signal.aborted || !held || current()?.revision !== held.term) return undefined;
      return clock.nowMs() - held.confirmedMs <= LIVE_MS ? held.term : undefined;
    },
    async stop(withRelease) {
      unsubscribe();
      stopping.abort();
      await running;
      if (withRelease && held) await release(held.term);
    },
  };
}

import { CivitasError, RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { SINGLETON } from '../../state/kinds.ts';
import {
  decideLeadership,
  type LeadershipStep,
  type LeadershipView,
  LIVE_MS,
  lookAfterMs,
} from './decide.ts';

export interface LeadershipPorts
  extends Pick<Ports, 'clock' | 'leases' | 'log' | 'random' | 'self'> {
  readonly store: Pick<StoreHandle, 'get' | 'put' | 'onChange' | 'synced' | 'problems'>;
  /** False for one that must not act in the name of its node. */
  mayLead(): boolean;
}

/** One agent's part in who leads. */
export interface Candidacy {
  /** Looks and does the next thing. Never rejects: the next step is the cure for what failed. */
  step(): Promise<void>;
  /** After how long the next step may have something to do. */
  restMs(): number;
  /** The term it holds, while that is live. */
  liveTerm(): number | undefined;
  /** Gives the term back, so that somebody else leads at once. */
  release(): Promise<void>;
}

interface HeldTerm {
  readonly term: number;
  /** When the last confirmed beat was sent. */
  confirmedMs: number;
}

export function createCandidacy(ports: LeadershipPorts): Candidacy {
  const { clock, leases, log, self, store, mayLead } = ports;
  let held: HeldTerm | undefined;
  /** The entry this agent saw when it learned that the log has a newer one. */
  let outdated: number | undefined;

  const current = () => store.get('leadership', SINGLETON);

  function view(): LeadershipView {
    const entry = current();
    return {
      self: self.nodeId,
      fresh: store.synced && outdated !== (entry?.revision ?? 0),
      readable: store.problems().length === 0 && mayLead(),
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
    const revision = current()?.revision ?? 0;
    await leases.claimLeader(leases.leaderLease().revision);
    const sentMs = clock.nowMs();
    const { nodeId, incarnation } = self;
    const term = await store
      .put('leadership', SINGLETON, { nodeId, incarnation }, revision)
      .catch((error: unknown) => {
        if (hasCode(error, 'store.conflict')) outdated = revision;
        throw error;
      });
    held = { term, confirmedMs: sentMs };
    log.info({ event: 'leadership.acquired', term }, 'leadership acquired');
    await renew(held);
  }

  function stepDown(term: number): void {
    held = undefined;
    log.info({ event: 'leadership.lost', term }, 'leadership lost');
  }

  // Without `async`, strict TypeScript rejects this function when a case is missing.
  function carryOut(step: LeadershipStep): Promise<void> {
    switch (step.type) {
      case 'renew':
        return held ? renew(held) : Promise.resolve();
      case 'acquire':
        return acquire();
      case 'step-down':
        return Promise.resolve(stepDown(step.term));
      case 'follow':
        return Promise.resolve();
    }
  }

  function onFailure(err: unknown): void {
    if (held && hasCode(err, 'lease.lost')) stepDown(held.term);
    // A lost race and a log without quorum are nothing to tell people about.
    if (err instanceof RetryableError) {
      log.debug({ event: 'leadership.unconfirmed', code: err.code, err }, 'leadership unconfirmed');
      return;
    }
    log.error({ event: 'leadership.failed', err }, 'leadership failed');
  }

  return {
    async step() {
      try {
        await carryOut(decideLeadership(view()));
      } catch (error) {
        onFailure(error);
      }
    },
    restMs: () => lookAfterMs(view()),
    liveTerm() {
      if (!held || current()?.revision !== held.term) return undefined;
      return clock.nowMs() - held.confirmedMs <= LIVE_MS ? held.term : undefined;
    },
    async release() {
      if (!held) return;
      const { term } = held;
      held = undefined;
      try {
        await store.put('leadership', SINGLETON, { nodeId: null, incarnation: 0 }, term);
        log.info({ event: 'leadership.released', term }, 'leadership released');
      } catch (err) {
        log.warn({ event: 'leadership.not-released', term, err }, 'leadership not released');
      }
    },
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof CivitasError && error.code === code;
}

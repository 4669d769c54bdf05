import type { Known } from '../known/known.ts';
import { isUpheaval, moment } from '../known/questions.ts';
import type { Of } from '../rule.ts';
import { bound, type Debts, owed, paid } from './bound.ts';

/** A lease of 15 s, a failover of the log of 8 s before it counts, a second until somebody looks. */
const NEXT_LEADER_MS = 30_000;
/** The same while faults go on around a majority that can work. */
const PROGRESS_MS = 60_000;

/** After a leader that died, counted anew whenever the log changed its own leader meanwhile. */
export const nextLeader = bound({
  id: 'L4',
  title: 'The next leader comes soon',
  rule: 'Once the leading agent ended and nothing else is wrong, another one leads within 30 s (goal: 5 s; a lease lasts 15 s, and a failover of the log does not count).',
  hears: ['agent.ended', 'agent.leads', 'log.quorum', 'fault.begun', 'agent.paused', 'world'],
  owe(debts, entry, known) {
    const { atMs } = entry;
    switch (entry.type) {
      case 'agent.ended': {
        if (known.leader?.host !== entry.host || known.agents.size < 2) return [];
        const sentence = `nobody led within 30 s of the end of the leader on ${entry.host} at ${moment(atMs)}`;
        return owed([], { key: 'leader', dueMs: atMs + NEXT_LEADER_MS, sentence });
      }
      case 'agent.leads':
        return entry.term === null ? debts : [];
      case 'fault.begun':
        return entry.fault.startsWith('agent-') ? debts : [];
      case 'world':
        return isUpheaval(entry) ? [] : debts;
      default:
        return [];
    }
  },
});

/** The faults of a minority never keep the rest from having a leader. */
export const somebodyLeads = bound({
  id: 'L10',
  title: 'A broken minority stops nobody',
  rule: 'While the log works without interruption and a running agent reaches it, somebody leads within 60 s, whatever is wrong elsewhere.',
  hears: [
    'log.quorum',
    'agent.leads',
    'agent.started',
    'agent.ended',
    'agent.paused',
    'agent.resumed',
    'fault.begun',
  ],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'agent.leads':
        if (entry.term !== null) return paid(debts, 'leader');
        return isLeading(entry, known) ? leaderOwed(debts, entry.atMs, known) : debts;
      case 'log.quorum':
        if (!entry.works || !known.quorum.works) return [];
        return known.leader === undefined ? leaderOwed(debts, entry.atMs, known) : debts;
      case 'agent.ended':
        return isLeading(entry, known) ? leaderOwed([], entry.atMs, known) : [];
      default:
        // Who comes, goes or stands still may be the one that was about to lead.
        return [];
    }
  },
});

function isLeading({ host }: Of<'agent.leads' | 'agent.ended'>, { leader }: Known): boolean {
  return leader?.host === host;
}

function leaderOwed(debts: Debts, atMs: number, { agents, quorum }: Known): Debts {
  const able = [...agents].filter(
    ([host, { isPaused }]) => !isPaused && quorum.reachedSinceMs.has(host),
  );
  if (able.length === 0) return debts;
  const sentence = `nobody led within 60 s of ${moment(atMs)}, and the log worked all the while`;
  return owed(debts, { key: 'leader', dueMs: atMs + PROGRESS_MS, sentence });
}

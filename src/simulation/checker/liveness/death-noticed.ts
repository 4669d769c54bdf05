import type { Liveness } from '../../../state/liveness.ts';
import type { Known } from '../known/known.ts';
import { heardForMs, isCalmFor, isUpheaval, moment, nameOf } from '../known/questions.ts';
import type { Of } from '../rule.ts';
import { bound, type Debts, owed, paid } from './bound.ts';

/** Its silence shows within 6 s; what the leader writes of it may have to wait for a leader of the log. */
const NOTICED_WITHIN_MS = 15_000;
/** Two leases: whoever was heard for so long has not been silent for one. */
const HEARD_MS = 60_000;

/** Both ways: whoever falls silent is noticed, and nobody is called dead who is not. */
export const deathNoticed = bound({
  id: 'L3',
  title: 'The silent are noticed, and only the dead called dead',
  rule: 'While nothing else is wrong, the log calls a node suspect or dead within 15 s of the end of its agent (goal: 6 s), and never dead one whose agent has run and reached the log for a minute.',
  hears: [
    'agent.ended',
    'agent.started',
    'agent.paused',
    'log.committed',
    'log.quorum',
    'fault.begun',
    'world',
  ],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'agent.ended':
        return afterEnd(debts, entry, known);
      case 'log.committed':
        return isNotice(entry) ? paid(debts, entry.key) : debts;
      case 'world':
        return isUpheaval(entry) ? [] : debts;
      case 'fault.begun':
        return entry.fault === 'agent-killed' ? debts : [];
      default:
        return [];
    }
  },
  breach: (entry, known) => (entry.type === 'log.committed' ? falseDeath(entry, known) : undefined),
});

/** The end of a leader's agent has to be noticed by another one first. */
function afterEnd(debts: Debts, { host, atMs }: Of<'agent.ended'>, known: Known): Debts {
  const nodeId = known.nodeIds.get(host) ?? '';
  const isEnrolled = known.log.liveness.get(nodeId)?.value.verdict === 'alive';
  if (!isEnrolled || !leaderIsKnown(known, nodeId) || !isOnlyTrouble(known, host, atMs)) return [];
  const sentence = `nobody noticed the silence of ${host} within 15 s of the end of its agent at ${moment(atMs)}`;
  return owed(debts, { key: nodeId, dueMs: atMs + NOTICED_WITHIN_MS, sentence });
}

function leaderIsKnown({ leader, agents }: Known, but: string): boolean {
  const agent = agents.get(leader?.host ?? '');
  return agent !== undefined && !agent.isPaused && agent.nodeId !== but;
}

function isOnlyTrouble(
  { troubles, troubledMs, quorum }: Known,
  host: string,
  atMs: number,
): boolean {
  const others = [...troubles].filter(
    (trouble) => !trouble.startsWith(`fault agent-killed ${host} `),
  );
  const calmMs = atMs - (others.length < troubles.size ? quorum.sinceMs : troubledMs);
  return others.length === 0 && quorum.works && calmMs >= HEARD_MS;
}

function isNotice({ kind, value }: Of<'log.committed'>): boolean {
  return kind === 'liveness' && value !== null && (value as Liveness).verdict !== 'alive';
}

function isDeath({ kind, value }: Of<'log.committed'>): boolean {
  return kind === 'liveness' && value !== null && (value as Liveness).verdict === 'dead';
}

function falseDeath(entry: Of<'log.committed'>, known: Known): string | undefined {
  const { key, atMs } = entry;
  if (!isDeath(entry) || !isCalmFor(known, HEARD_MS, atMs)) return undefined;
  if (heardForMs(known, key, atMs) < HEARD_MS) return undefined;
  return `${nameOf(known, key)} was called dead at ${moment(atMs)}, and its agent had run and reached the log for a minute`;
}

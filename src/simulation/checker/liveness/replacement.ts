import type { Assignment } from '../../../state/assignment.ts';
import type { Known } from '../known/known.ts';
import { isUpheaval, moment, nameOf, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';
import { bound, type Debts } from './bound.ts';

/** L5: beside the grace of the spec. */
const DECISION_MS = 2_000;
const DEFAULT_GRACE_SECONDS = 60;
/** L6: real kubeadm, with drain and reset. */
const JOINED_MS = 240_000;

/** A release without replacements decides none: only one that comes is asked whether it came in time. */
export const replacementDecided = invariant({
  id: 'L5',
  title: 'A replacement is decided in time',
  rule: 'A control plane that takes the place of a dead one is assigned at most the grace of the spec and 2 s after the verdict, unless something else went wrong meanwhile.',
  hears: ['log.committed'],
  initial: undefined,
  step(state, entry, known) {
    const dead = isPromotion(entry, known) ? longestDead(known) : undefined;
    if (dead === undefined || known.troubledMs > dead.sinceMs) return { state };
    const graceMs = (specOf(known)?.replacement.graceSeconds ?? DEFAULT_GRACE_SECONDS) * 1_000;
    const dueMs = dead.sinceMs + graceMs + DECISION_MS;
    const broken = `${nameOf(known, entry.key)} took the place of ${nameOf(known, dead.nodeId)} at ${moment(entry.atMs)}, due at ${moment(dueMs)}`;
    return { state, broken: entry.atMs > dueMs ? broken : undefined };
  },
});

export const replacementJoins = bound({
  id: 'L6',
  title: 'A replacement joins in time',
  rule: 'A control plane that was assigned while nothing is wrong is a voter of etcd within 4 minutes.',
  hears: ['log.committed', 'etcd.members', 'fault.begun', 'agent.ended', 'agent.paused', 'world'],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return isPromotion(entry, known) ? joinOwed(debts, entry, known) : debts;
      case 'etcd.members': {
        const voters = entry.members.filter(({ learner }) => !learner).map(({ host }) => host);
        return debts.filter(({ key }) => !voters.includes(key));
      }
      case 'world':
        return isUpheaval(entry) ? [] : debts;
      default:
        return [];
    }
  },
});

function isPromotion({ kind, key, value }: Of<'log.committed'>, { log }: Known): boolean {
  if (kind !== 'assignment' || value === null) return false;
  const before = log.assignment.get(key)?.value.role;
  return (value as Assignment).role === 'control-plane' && before !== 'control-plane';
}

function longestDead({ log }: Known) {
  const planes = [...log.assignment.values()].filter(({ value }) => value.role === 'control-plane');
  const dead = planes.flatMap(({ value: { nodeId } }) => {
    const entry = log.liveness.get(nodeId);
    return entry?.value.verdict === 'dead' ? [{ nodeId, sinceMs: entry.atMs }] : [];
  });
  return dead.sort((a, b) => a.sinceMs - b.sinceMs)[0];
}

function joinOwed(debts: Debts, { key, atMs }: Of<'log.committed'>, known: Known): Debts {
  if (known.troubles.size > 0) return debts;
  const host = nameOf(known, key);
  const sentence = `${host} was to be a control plane at ${moment(atMs)} and was no voter of etcd 4 minutes later`;
  return [...debts, { key: host, dueMs: atMs + JOINED_MS, sentence }];
}

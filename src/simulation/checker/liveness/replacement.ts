import type { Assignment } from '../../../state/assignment.ts';
import { type Kind, SINGLETON } from '../../../state/kinds.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Known } from '../known/known.ts';
import { isUpheaval, moment, nameOf, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';
import { bound, type Debts } from './bound.ts';

/** L5: beside the grace of the spec. */
const DECISION_MS = 2_000;
const DEFAULT_GRACE_SECONDS = 60;
/** L6: real kubeadm, with drain and reset. */
const JOINED_MS = 240_000;

interface Dead {
  readonly nodeId: NodeId;
  /** Of the verdict. */
  readonly sinceMs: number;
}

/** What the decision rests on besides the verdict. */
const LOOKED_AT: readonly Kind[] = [
  'approval',
  'assignment',
  'departure',
  'drift',
  'liveness',
  'node',
  'operation',
  'order',
  'release',
  'request',
  'spec',
  'status',
];

/**
 * A release without replacements decides none: only one that comes is asked whether it came in time.
 * Guards may have kept it shut, so it is late only where nothing changed right before; and a new
 * leader counts the grace anew.
 */
export const replacementDecided = invariant({
  id: 'L5',
  title: 'A replacement is decided in time',
  rule: 'A dead control plane gives its place away at most the grace of the spec and 2 s after the verdict, or 2 s after the last change of what it is judged by, unless something else went wrong meanwhile.',
  hears: ['log.committed'],
  initial: 0,
  step(changedMs, entry, known) {
    const state = LOOKED_AT.includes(entry.kind) ? entry.atMs : changedMs;
    const dead = replacedBy(entry, known);
    if (dead === undefined || known.troubledMs > dead.sinceMs) return { state };
    const graceMs = (specOf(known)?.replacement.graceSeconds ?? DEFAULT_GRACE_SECONDS) * 1_000;
    const watchedMs = Math.max(dead.sinceMs, known.log.leadership.get(SINGLETON)?.atMs ?? 0);
    const dueMs = Math.max(watchedMs + graceMs, changedMs) + DECISION_MS;
    const broken = `${nameOf(known, dead.nodeId)} gave its place as control plane away at ${moment(entry.atMs)}, due at ${moment(dueMs)}`;
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

/** The dead control plane in whose place somebody else is to be one: it is let go, or another one comes first. */
function replacedBy(entry: Of<'log.committed'>, known: Known): Dead | undefined {
  if (entry.kind !== 'assignment' || entry.value === null) return undefined;
  const dead = deadControlPlanes(known);
  if ((entry.value as Assignment).task === 'retire') {
    return dead.find(({ nodeId }) => nodeId === entry.key);
  }
  return isPromotion(entry, known) ? dead[0] : undefined;
}

/** Those who are dead longest come first. */
function deadControlPlanes({ log }: Known): readonly Dead[] {
  const planes = [...log.assignment.values()].filter(({ value }) => value.role === 'control-plane');
  const dead = planes.flatMap(({ value: { nodeId } }) => {
    const entry = log.liveness.get(nodeId);
    return entry?.value.verdict === 'dead' ? [{ nodeId, sinceMs: entry.atMs }] : [];
  });
  return dead.sort((a, b) => a.sinceMs - b.sinceMs);
}

function joinOwed(debts: Debts, { key, atMs }: Of<'log.committed'>, known: Known): Debts {
  if (known.troubles.size > 0) return debts;
  const host = nameOf(known, key);
  const sentence = `${host} was to be a control plane at ${moment(atMs)} and was no voter of etcd 4 minutes later`;
  return [...debts, { key: host, dueMs: atMs + JOINED_MS, sentence }];
}

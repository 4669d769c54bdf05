import { entryPath } from '../../../state/keys.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import type { Known } from '../known/known.ts';
import { isCalmFor, isUpheaval, moment } from '../known/questions.ts';
import type { Of } from '../rule.ts';
import { bound, type Debt, type Debts } from './bound.ts';

const SPEC_PATH = entryPath('spec', SINGLETON);
const ACKNOWLEDGED_MS = 250;
const EVERYWHERE_MS = 1_000;
/** Agents that just began have to reach the log first. */
const CALM_MS = 5_000;

/** A pause or an outage on the way is nothing to promise about. */
export const editsSpread = bound({
  id: 'L7',
  title: 'Edits are quick',
  rule: 'While nothing has been wrong for 5 s, a committed edit of the spec is acknowledged within 250 ms and on every running host that reaches the log within 1 s.',
  hears: [
    'log.committed',
    'log.acknowledged',
    'log.delivered',
    'fault.begun',
    'agent.ended',
    'agent.paused',
    'log.quorum',
    'world',
  ],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return isSpec(entry) && isCalmFor(known, CALM_MS, entry.atMs)
          ? afterEdit(entry, known)
          : debts;
      case 'log.acknowledged':
        return isSpec(entry) ? debts.filter(({ key }) => key !== 'acknowledgement') : debts;
      case 'log.delivered':
        return entry.path === SPEC_PATH ? debts.filter(({ key }) => key !== entry.host) : debts;
      case 'world':
        return isUpheaval(entry) ? [] : debts;
      default:
        return [];
    }
  },
});

function isSpec({ kind, key }: Of<'log.committed' | 'log.acknowledged'>): boolean {
  return kind === 'spec' && key === SINGLETON;
}

function afterEdit({ atMs, revision, by, host }: Of<'log.committed'>, known: Known): Debts {
  const acknowledgement: Debt = {
    key: 'acknowledgement',
    dueMs: atMs + ACKNOWLEDGED_MS,
    sentence: `the edit of ${host} at ${moment(atMs)} (revision ${revision}) was not acknowledged within 250 ms`,
  };
  const copies = [...known.agents.keys()]
    .filter((each) => (known.quorum.reachedSinceMs.get(each) ?? atMs) + EVERYWHERE_MS < atMs)
    .map((each): Debt => {
      const sentence = `${each} did not hear within 1 s of the edit at ${moment(atMs)} (revision ${revision})`;
      return { key: each, dueMs: atMs + EVERYWHERE_MS, sentence };
    });
  return by === null ? copies : [acknowledgement, ...copies];
}

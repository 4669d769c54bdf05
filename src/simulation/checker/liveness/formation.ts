import type { Known } from '../known/known.ts';
import { moment } from '../known/questions.ts';
import type { Of } from '../rule.ts';
import { bound, type Debts, owed, paid } from './bound.ts';

/** L1: from the moment the last machine listens. */
const SEEN_BY_ALL_MS = 5_000;
/** L2, beside the 2 s in which the first proposer waits for more machines than a quorum. */
const GENESIS_MS = 5_000;
const WAIT_FOR_MORE_MS = 2_000;
const TROUBLE = /^(network|power|disk)\.(cut|wiped)$/;

/** Only a start of all machines on a sound network is promised anything. */
export const seenByAll = bound({
  id: 'L1',
  title: 'Machines see each other',
  rule: 'Within 5 s of the last start of the expected machines each agent sees all others.',
  hears: ['agent.started', 'agent.sees', 'fault.begun', 'agent.ended', 'world'],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'agent.started':
        return isColdStart(entry, known) ? allOwed(debts, entry, known) : debts;
      case 'agent.sees':
        return entry.peers >= known.header.expectedNodes - 1 ? paid(debts, entry.host) : debts;
      case 'world':
        return TROUBLE.test(entry.event) ? [] : debts;
      default:
        return [];
    }
  },
});

function allOwed(debts: Debts, { host, atMs }: Of<'agent.started'>, known: Known): Debts {
  return [...known.agents.keys(), host].reduce((all, each) => {
    const sentence = `${each} did not see ${known.header.expectedNodes - 1} others within 5 s of ${moment(atMs)}`;
    return owed(all, { key: each, dueMs: atMs + SEEN_BY_ALL_MS, sentence });
  }, debts);
}

export const genesisInTime = bound({
  id: 'L2',
  title: 'Genesis comes soon',
  rule: 'Within 7 s of the start of all expected machines, of which up to 2 s are a wait for more, somebody holds a genesis record.',
  hears: ['agent.started', 'agent.formed', 'fault.begun', 'agent.ended', 'world'],
  owe(debts, entry, known) {
    const { atMs } = entry;
    switch (entry.type) {
      case 'agent.started': {
        if (!isColdStart(entry, known) || known.records.size > 0) return debts;
        const dueMs = atMs + WAIT_FOR_MORE_MS + GENESIS_MS;
        const sentence = `no genesis within 7 s of ${moment(atMs)}, when all ${known.header.expectedNodes} machines ran`;
        return owed(debts, { key: 'genesis', dueMs, sentence });
      }
      case 'world':
        return TROUBLE.test(entry.event) ? [] : debts;
      default:
        return [];
    }
  },
});

/** Whether this start is the one after which all expected machines run, and nothing ever went wrong. */
function isColdStart({ host }: Of<'agent.started'>, known: Known): boolean {
  const { agents, header, hosts, troubles, troubledMs } = known;
  if (troubles.size > 0 || troubledMs > 0 || agents.has(host)) return false;
  return agents.size + 1 === header.expectedNodes && hosts.size === agents.size;
}

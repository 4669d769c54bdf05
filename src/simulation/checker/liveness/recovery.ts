import type { Known } from '../known/known.ts';
import { moment } from '../known/questions.ts';
import type { EntryType, Of } from '../rule.ts';
import { bound, type Debts, owed } from './bound.ts';

/** One election takes up to 8.2 s, and may be lost. */
const LOG_BACK_MS = 20_000;
const ONE_VIEW_MS = 10_000;

/** Whatever may end or begin a trouble. */
const TURNS = [
  'fault.begun',
  'fault.ended',
  'agent.started',
  'agent.ended',
  'agent.paused',
  'agent.resumed',
  'world',
  'log.quorum',
] as const satisfies readonly EntryType[];

type Turn = Of<(typeof TURNS)[number]>;

/** A log that never worked has to be formed first. */
export const logComesBack = bound({
  id: 'L8',
  title: 'The log comes back',
  rule: 'A log that worked before, and of which most disks are there, works again within 20 s once nothing is wrong any more (goal: 10 s; an election takes up to 8.2 s and may be lost).',
  hears: TURNS,
  owe(debts, entry, known) {
    const { quorum, troubles } = known;
    const works = entry.type === 'log.quorum' ? entry.works : quorum.works;
    if (works || troubles.size > 0 || !quorum.everWorked || begins(entry)) return [];
    if (isLostForGood(known)) return [];
    const sentence = `the log did not work again within 20 s of ${moment(entry.atMs)}, when nothing was wrong any more`;
    return owed(debts, { key: 'log', dueMs: entry.atMs + LOG_BACK_MS, sentence });
  },
});

/** Whoever lost its disk is another node since: a log that lost most of its replicas so is for people to found anew. */
function isLostForGood({ records, nodeIds }: Known): boolean {
  const [record] = [...records.values()].toSorted((a, b) => b.epoch - a.epoch);
  if (!record) return false;
  const identities = new Set(nodeIds.values());
  const left = record.replicas.filter(({ nodeId }) => identities.has(nodeId));
  return 2 * left.length <= record.replicas.length;
}

/** Links of agents, and so the beats by which all see who lives. */
export const oneView = bound({
  id: 'L9',
  title: 'One view after a partition',
  rule: 'Within 10 s of the moment when nothing is wrong any more and the log works, every running agent reaches it.',
  hears: TURNS,
  owe(debts, entry, known) {
    const { quorum, troubles } = known;
    if (!quorum.works || troubles.size > 0 || begins(entry)) return [];
    const reached =
      entry.type === 'log.quorum' ? entry.reachedFrom : [...quorum.reachedSinceMs.keys()];
    return cutOff(debts, reached, entry, known);
  },
});

function cutOff(debts: Debts, reached: readonly string[], entry: Turn, known: Known): Debts {
  const hosts = [...known.agents.keys()].filter((host) => !reached.includes(host));
  const still = debts.filter(({ key }) => hosts.includes(key));
  return hosts.reduce<Debts>((all, host) => {
    const sentence = `${host} did not reach the log within 10 s of ${moment(entry.atMs)}, when nothing was wrong any more`;
    return owed(all, { key: host, dueMs: entry.atMs + ONE_VIEW_MS, sentence });
  }, still);
}

/** What is known is from before this entry. */
function begins(entry: Turn): boolean {
  if (entry.type === 'world') return /^(network\.cut|power\.cut|disk\.wiped)$/.test(entry.event);
  return ['fault.begun', 'agent.ended', 'agent.paused'].includes(entry.type);
}

import { logName } from '../../../state/genesis-record.ts';
import type { Known } from '../known/known.ts';
import { moment } from '../known/questions.ts';
import type { EntryType, Of } from '../rule.ts';
import { bound, type Debts, owed, paid } from './bound.ts';

/** One election takes up to 8.2 s, and may be lost. */
const LOG_BACK_MS = 20_000;
const ONE_VIEW_MS = 10_000;
/** Begins the keys of debts that the link alone does not pay. */
const COPY = 'copy of ';

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

/** Links of agents, and so the beats by which all see who lives; and what they missed meanwhile. */
export const oneView = bound({
  id: 'L9',
  title: 'One view after a partition',
  rule: 'Within 10 s of the moment when nothing is wrong any more and the log works, every running agent reaches it, and one that was cut off from it has caught up.',
  hears: [...TURNS, 'log.synced'],
  owe(debts, entry, known) {
    const { quorum, troubles } = known;
    if (entry.type === 'log.synced') return paid(debts, copyOf(entry.host));
    if (!quorum.works || troubles.size > 0 || begins(entry)) return [];
    if (entry.type !== 'log.quorum') {
      return cutOff(debts, [...quorum.reachedSinceMs.keys()], entry, known);
    }
    return behind(cutOff(debts, entry.reachedFrom, entry, known), entry, known);
  },
});

function cutOff(debts: Debts, reached: readonly string[], entry: Turn, known: Known): Debts {
  const hosts = [...known.agents.keys()].filter((host) => !reached.includes(host));
  const still = debts.filter(({ key }) => hosts.includes(key) || key.startsWith(COPY));
  return hosts.reduce<Debts>((all, host) => {
    const sentence = `${host} did not reach the log within 10 s of ${moment(entry.atMs)}, when nothing was wrong any more`;
    return owed(all, { key: host, dueMs: entry.atMs + ONE_VIEW_MS, sentence });
  }, still);
}

function behind(debts: Debts, entry: Of<'log.quorum'>, known: Known): Debts {
  const { reachedFrom, atMs } = entry;
  const back = reachedFrom.filter((host) => wasCutOff(host, entry, known));
  return back.reduce((all, host) => {
    const sentence = `the copy of ${host} was not as new as the log within 10 s of ${moment(atMs)}, when it reached it again`;
    return owed(all, { key: copyOf(host), dueMs: atMs + ONE_VIEW_MS, sentence });
  }, debts);
}

/** Whether this agent lost that very log while it ran, and reaches it again only now. */
function wasCutOff(
  host: string,
  { log }: Of<'log.quorum'>,
  { agents, quorum, records }: Known,
): boolean {
  const record = records.get(host);
  const [beganMs, lostMs] = [agents.get(host)?.sinceMs, quorum.lostMs.get(host)];
  if (!record || logName(record) !== log || quorum.reachedSinceMs.has(host)) return false;
  return beganMs !== undefined && lostMs !== undefined && beganMs < lostMs;
}

function copyOf(host: string): string {
  return `${COPY}${host}`;
}

/** What is known is from before this entry. */
function begins(entry: Turn): boolean {
  if (entry.type === 'world') return /^(network\.cut|power\.cut|disk\.wiped)$/.test(entry.event);
  return ['fault.begun', 'agent.ended', 'agent.paused'].includes(entry.type);
}

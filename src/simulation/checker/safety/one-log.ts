import { changed } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface Servers {
  readonly voters: readonly string[];
  readonly members: ReadonlySet<string>;
  /** Those that were members once. */
  readonly removed: ReadonlySet<string>;
}

/** By name of the log. */
type State = ReadonlyMap<string, Servers>;

/**
 * Two majorities that share no server could each accept another write: of the servers before a change
 * and of those after it. A server that was taken out knows an older log than the others.
 */
export const oneLog = invariant({
  id: 'S9',
  title: 'The log stays one',
  rule: 'When the servers of the log change, every majority before the change shares one with every majority after it, and a server that was taken out never comes back.',
  hears: ['log.replicas'],
  initial: new Map<string, Servers>() as State,
  step(state, entry) {
    const before = state.get(entry.log);
    const members = new Set(entry.members);
    const gone = [...(before?.members ?? [])].filter((name) => !members.has(name));
    const removed = new Set([...(before?.removed ?? []), ...gone]);
    const next = changed(state, entry.log, { voters: entry.voters, members, removed });
    return { state: next, broken: before && breach(entry, before) };
  },
});

function breach(entry: Of<'log.replicas'>, { voters, removed }: Servers): string | undefined {
  const back = entry.members.find((name) => removed.has(name));
  if (back) return `${moment(entry.atMs)}: ${back} is a server of ${entry.log} again`;
  const all = new Set([...voters, ...entry.voters]);
  if (majority(voters) + majority(entry.voters) > all.size) return undefined;
  return `${moment(entry.atMs)}: ${entry.log} had ${voters.join(', ')}, and now has ${entry.voters.join(', ')}`;
}

function majority(servers: readonly string[]): number {
  return Math.floor(servers.length / 2) + 1;
}

import { disruptionBy } from '../known/disrupted.ts';
import type { Known } from '../known/known.ts';
import { majorityOf, moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** An order that came right before the log was lost may still be carried out. */
const IN_FLIGHT_MS = 10_000;

type Pair = readonly [string, string];

interface State {
  /** Hosts whose agents could ever talk to each other, as `<a> <b>`, both ways round. */
  readonly met: ReadonlySet<string>;
  readonly isFormed: boolean;
}

const initial: State = { met: new Set(), isFormed: false };

/** Genesis needs a majority of the expected machines; everything later needs the log. */
export const stillMinority = invariant({
  id: 'S11',
  title: 'A minority stands still',
  rule: 'No cluster is founded by fewer than a majority of the expected machines, and no serving node is cordoned, reset or upgraded by a host without a quorum of the log.',
  hears: ['agent.started', 'agent.formed', 'world'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'agent.started':
        return { state: afterStart(state, entry.host, known) };
      case 'agent.formed':
        return afterFormed(state, entry, known);
      case 'world':
        if (entry.event !== 'network.healed') return { state, broken: actOfMinority(entry, known) };
        return { state: afterHealing(state, entry, known) };
    }
  },
});

function afterStart(state: State, host: string, known: Known): State {
  const others = [...known.agents.keys()].filter((other) => !isCut(known, host, other));
  return withMeetings(
    state,
    others.map((other): Pair => [host, other]),
  );
}

/** `known` is from before the cables were mended. */
function afterHealing(state: State, { host, detail }: Of<'world'>, known: Known): State {
  const hosts = [...known.agents.keys()];
  const ends = [host, detail].filter((end) => end !== '*');
  const pairs = hosts.flatMap((a) => hosts.map((b): Pair => [a, b]));
  return withMeetings(
    state,
    pairs.filter((pair) => ends.every((end) => pair.includes(end))),
  );
}

function withMeetings(state: State, pairs: readonly Pair[]): State {
  const names = pairs.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]);
  return { ...state, met: new Set([...state.met, ...names]) };
}

function isCut({ cuts }: Known, a: string, b: string): boolean {
  return cuts.has(`${a}>${b}`) || cuts.has(`${b}>${a}`);
}

function afterFormed(state: State, { host, record, atMs }: Of<'agent.formed'>, known: Known) {
  if (state.isFormed) return { state };
  const reached = reachableFrom(host, state.met);
  const needed = majorityOf(known.header.expectedNodes);
  const next = { ...state, isFormed: true };
  if (reached.size >= needed) return { state: next };
  const who = [...reached].join(', ');
  const broken = `${host} founded cluster ${record.clusterId} at ${moment(atMs)} with ${who} alone, where ${needed} machines are needed`;
  return { state: next, broken };
}

function reachableFrom(host: string, met: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set([host]);
  // A set hands out what is added to it while it is walked.
  for (const each of reached) {
    for (const pair of met)
      if (pair.startsWith(`${each} `)) reached.add(pair.slice(each.length + 1));
  }
  return reached;
}

function actOfMinority(entry: Of<'world'>, known: Known): string | undefined {
  const { host, atMs } = entry;
  const { reachedSinceMs, lostMs } = known.quorum;
  const act = disruptionBy(entry, known);
  if (act === undefined || reachedSinceMs.has(host)) return undefined;
  if (atMs - (lostMs.get(host) ?? 0) <= IN_FLIGHT_MS) return undefined;
  return `${act.host} was ${act.what} by ${host} at ${moment(atMs)}, which reached no quorum of the log`;
}

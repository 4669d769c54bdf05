import { canonicalJson } from '../../../state/canonical-json.ts';
import type { GenesisRecord } from '../../../state/genesis-record.ts';
import { changed, withMember, withoutMember } from '../known/maps.ts';
import { majorityOf, moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface First {
  readonly host: string;
  readonly atMs: number;
  readonly text: string;
}

/** What machines of one token founded. */
interface Founding {
  readonly epochs: ReadonlyMap<number, First>;
  /** Who holds a record of it on its disk. */
  readonly holders: ReadonlySet<string>;
}

interface State {
  /** Which token the agent of a host was given, and which identities each token ever served. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly identities: ReadonlySet<string>;
  /** By token and cluster. */
  readonly foundings: ReadonlyMap<string, Founding>;
}

const initial: State = { tokens: new Map(), identities: new Set(), foundings: new Map() };
const ONLY_TOKEN = '';

/**
 * Every record that any host holds is compared with the first one of its cluster and epoch. More
 * machines than the token expects, and a wiped one is another machine, as is one that was set back to
 * before it promised anything, may be two majorities that never heard of each other: those found two clusters, and no protocol can prevent it.
 */
export const oneGenesis = invariant({
  id: 'S1',
  title: 'One genesis',
  rule: 'All machines of one token hold the same cluster id, and the same genesis record of each epoch, for as long as a disk keeps one and no two majorities of the expected number are there.',
  hears: ['agent.started', 'agent.formed', 'world'],
  spansClusters: true,
  initial,
  step(state, entry, { header }) {
    const { host } = entry;
    switch (entry.type) {
      case 'agent.started':
        return { state: afterStart(state, entry) };
      case 'agent.formed':
        return afterFormed(state, entry, header.expectedNodes);
      case 'world':
        if (entry.event === 'state.set-back') return { state: afterSetBack(state, entry) };
        return { state: entry.event === 'disk.wiped' ? withoutHolder(state, host) : state };
    }
  },
});

function afterStart(state: State, { host, nodeId, token }: Of<'agent.started'>): State {
  const tokens = changed(state.tokens, host, token);
  return { ...state, tokens, identities: withMember(state.identities, `${token} ${nodeId}`) };
}

/** What it promised is forgotten: it counts once more, as a wiped one does. */
function afterSetBack(state: State, { host, atMs }: Of<'world'>): State {
  const identity = `${state.tokens.get(host) ?? ONLY_TOKEN} ${host} since ${atMs}`;
  return withoutHolder({ ...state, identities: withMember(state.identities, identity) }, host);
}

function afterFormed(state: State, entry: Of<'agent.formed'>, expectedNodes: number) {
  const { host, atMs, record } = entry;
  const token = state.tokens.get(host) ?? ONLY_TOKEN;
  const key = `${token} ${record.clusterId}`;
  const founding = state.foundings.get(key) ?? { epochs: new Map(), holders: new Set() };
  const mine: First = { host, atMs, text: canonicalJson(record) };
  const first = founding.epochs.get(record.epoch) ?? mine;
  const next: Founding = {
    epochs: changed(founding.epochs, record.epoch, first),
    holders: withMember(founding.holders, host),
  };
  const foundings = changed(state.foundings, key, next);
  const machines = [...state.identities].filter((each) => each.startsWith(`${token} `)).length;
  const most = Math.max(1, Math.floor(machines / majorityOf(expectedNodes)));
  const count = [...foundings.keys()].filter((each) => each.startsWith(`${token} `)).length;
  const broken = count > most ? tooMany(mine, count, machines) : difference(record, mine, first);
  return { state: { ...state, foundings }, broken };
}

function tooMany({ host, atMs }: First, count: number, machines: number): string {
  return `${host} holds the record of a cluster at ${moment(atMs)} that is one of ${count}, and ${machines} machines can found fewer`;
}

function difference({ epoch }: GenesisRecord, mine: First, first: First): string | undefined {
  if (mine.text === first.text) return undefined;
  const since = `${first.host} since ${moment(first.atMs)}`;
  return `${mine.host} holds another record of epoch ${epoch} at ${moment(mine.atMs)} than ${since}`;
}

/** What no disk keeps any more nobody can know of: the next genesis is a first one. */
function withoutHolder(state: State, host: string): State {
  const left = [...state.foundings]
    .map(([key, founding]): [string, Founding] => {
      return [key, { ...founding, holders: withoutMember(founding.holders, host) }];
    })
    .filter(([, { holders }]) => holders.size > 0);
  return { ...state, foundings: new Map(left) };
}

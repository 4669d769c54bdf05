import { withMember, withoutMember } from '../known/maps.ts';
import { hostsOfFault, moment } from '../known/questions.ts';
import { invariant } from '../rule.ts';

/** Names of faults that damage what is on a disk. */
const DAMAGING = /corrupt|damage|torn|truncat|flip|bit|restored|backup|disk/;
const CORRUPTED = 'state.corrupted';

interface State {
  /** Hosts whose disk was damaged on purpose. */
  readonly damaged: ReadonlySet<string>;
  /** Hosts that found their state damaged, until they are wiped. */
  readonly quarantined: ReadonlySet<string>;
  /** Epochs of clusters that somebody holds the record of. */
  readonly records: ReadonlySet<string>;
}

const initial: State = { damaged: new Set(), quarantined: new Set(), records: new Set() };

export const atomicState = invariant({
  id: 'S19',
  title: 'State on disk is old or new',
  rule: 'No crash or power cut damages the state of an agent, and one that finds its state damaged founds no cluster.',
  hears: ['fault.begun', 'agent.failed', 'agent.formed', 'world'],
  spansClusters: true,
  initial,
  step(state, entry) {
    const { host, atMs } = entry;
    switch (entry.type) {
      case 'fault.begun': {
        if (!DAMAGING.test(entry.fault)) return { state };
        return {
          state: { ...state, damaged: new Set([...state.damaged, ...hostsOfFault(entry)]) },
        };
      }
      case 'agent.failed': {
        if (entry.code !== CORRUPTED) return { state };
        const quarantined = withMember(state.quarantined, host);
        const isForeseen = state.damaged.has(host);
        const broken = `${host} found its state damaged at ${moment(atMs)}, and nothing had damaged its disk`;
        return { state: { ...state, quarantined }, broken: isForeseen ? undefined : broken };
      }
      case 'agent.formed': {
        const record = `${entry.record.clusterId} ${entry.record.epoch}`;
        const isNew = !state.records.has(record);
        const broken = `${host} founded cluster ${entry.record.clusterId} at ${moment(atMs)}, after it had found its state damaged`;
        const next = { ...state, records: withMember(state.records, record) };
        return { state: next, broken: isNew && state.quarantined.has(host) ? broken : undefined };
      }
      case 'world': {
        if (entry.event !== 'disk.wiped') return { state };
        return { state: { ...state, quarantined: withoutMember(state.quarantined, host) } };
      }
    }
  },
});

import { changed, without } from '../known/maps.ts';
import { hostsOfFault, moment } from '../known/questions.ts';
import { invariant } from '../rule.ts';

const FAULT = 'disk-full';
const CODE = 'state.disk-full';
const LOOKS_AGAIN_MS = 30_000;

/** When the disk of each host was freed. */
type State = ReadonlyMap<string, number>;

const initial: State = new Map();

/** Whoever still says that its disk is full did not look again. */
export const freedDisk = invariant({
  id: 'L14',
  title: 'A freed disk is used again',
  rule: 'Within 30 s of the moment when a full disk was freed its agent stops saying that it is full.',
  hears: ['fault.begun', 'fault.ended', 'agent.said'],
  initial,
  step(state, entry) {
    const { atMs, host } = entry;
    if (entry.type === 'agent.said') {
      const freedMs = state.get(host);
      const isLate = freedMs !== undefined && atMs - freedMs > LOOKS_AGAIN_MS;
      if (!isLate || !entry.text.includes(CODE)) return { state };
      const broken = `${host} found its disk full at ${moment(atMs)}, which was freed at ${moment(freedMs)}`;
      return { state, broken };
    }
    if (entry.fault !== FAULT) return { state };
    const hosts = hostsOfFault(entry);
    const isOver = entry.type === 'fault.ended';
    const next = hosts.reduce(
      (all, each) => (isOver ? changed(all, each, atMs) : without(all, each)),
      state,
    );
    return { state: next };
  },
});

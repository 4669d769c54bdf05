import type { Order } from '../../../state/order.ts';
import { parseCommand } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { isOfOperation, orderedCommand } from '../known/ordered-commands.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface Asked {
  readonly nodeId: string;
  /** The highest term of a leader that asked for it in time; undefined: none did. */
  readonly term: number | undefined;
}

interface State {
  /** By operation. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** The highest term that each carrier on each host followed. */
  readonly followed: ReadonlyMap<string, number>;
  /** The newest term that somebody began. */
  readonly term: number;
  readonly log: string;
}

const initial: State = { asked: new Map(), followed: new Map(), term: 0, log: '' };

/** As of assignments: terms are revisions of one log, so a new log begins with none. */
export const orderFencing = invariant({
  id: 'S10',
  title: 'Orders of former leaders are void',
  rule: 'No host starts a command for an order that was only given after its leader was deposed, or in a term below one whose order it followed before.',
  hears: ['log.committed', 'world'],
  initial,
  step(state, entry, known) {
    if (entry.type === 'log.committed') return { state: afterCommit(state, entry) };
    if (entry.event === 'disk.wiped') return { state: forgetting(state, entry.host) };
    return entry.event === 'operation.started' ? afterStart(state, entry, known) : { state };
  },
});

function afterCommit(former: State, entry: Of<'log.committed'>): State {
  const { log, kind, key: nodeId, revision, value } = entry;
  const state = log === former.log ? former : { ...initial, log };
  if (value === null) return state;
  if (kind === 'leadership') return { ...state, term: revision };
  if (kind !== 'order') return state;
  const { operationId, term } = value as Order;
  const before = state.asked.get(operationId);
  const inTime = term >= state.term ? term : before?.term;
  return { ...state, asked: changed(state.asked, operationId, { nodeId, term: inTime }) };
}

function afterStart(state: State, { host, detail, atMs }: Of<'world'>, { nodeIds }: Known) {
  const command = orderedCommand(parseCommand(detail).unit);
  const nodeId = nodeIds.get(host);
  const found = [...state.asked].find(([operationId, asked]) => {
    return asked.nodeId === nodeId && command && isOfOperation(command, operationId);
  });
  if (!command || !found) return { state };
  const [, { term }] = found;
  const what = `${host} started ${command.unit} at ${moment(atMs)}`;
  if (term === undefined) {
    return { state, broken: `${what}, which was only asked for after term ${state.term} began` };
  }
  const carrier = `${host} ${command.carrier}`;
  const followed = state.followed.get(carrier) ?? 0;
  if (term < followed) {
    return { state, broken: `${what} of term ${term}, and had followed term ${followed}` };
  }
  return { state: { ...state, followed: changed(state.followed, carrier, term) } };
}

function forgetting(state: State, host: string): State {
  const left = ['upkeep', 'certificates'].reduce(
    (followed, carrier) => without(followed, `${host} ${carrier}`),
    state.followed,
  );
  return { ...state, followed: left };
}

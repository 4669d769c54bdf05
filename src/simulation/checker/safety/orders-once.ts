import type { OrderReport } from '../../../state/order-report.ts';
import { parseCommand } from '../known/command.ts';
import { changed } from '../known/maps.ts';
import { isOfOperation, orderedCommand } from '../known/ordered-commands.ts';
import { moment, nameOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** How each order ended that is at its end, by operation. */
  readonly ended: ReadonlyMap<string, OrderReport['state']>;
  readonly log: string;
}

const initial: State = { ended: new Map(), log: '' };

/** Commands of an order may be repeated; what its node told of the end of it may not change. */
export const ordersOnce = invariant({
  id: 'S24',
  title: 'An order ends once',
  rule: 'Once a node told that an order is done or failed, it starts no command for it any more and tells nothing else of it.',
  hears: ['log.committed', 'world'],
  initial,
  step(state, entry, known) {
    if (entry.type === 'world') return { state, broken: lateStart(state, entry) };
    const work = workIn(entry);
    const next = entry.log === state.log ? state : { ...initial, log: entry.log };
    const end = work && next.ended.get(work.operationId);
    if (work && end !== undefined && end !== work.state) {
      const host = nameOf(known, entry.key);
      const broken = `${host} told at ${moment(entry.atMs)} that ${work.operationId} is ${work.state}, which had ended as ${end}`;
      return { state: next, broken };
    }
    if (work === undefined || work.state === 'under-way') return { state: next };
    return { state: { ...next, ended: changed(next.ended, work.operationId, work.state) } };
  },
});

function workIn({ kind, value }: Of<'log.committed'>): OrderReport | undefined {
  if ((kind !== 'upkeep' && kind !== 'certificates') || value === null) return undefined;
  return (value as { readonly work: OrderReport | null }).work ?? undefined;
}

function lateStart({ ended }: State, { host, event, detail, atMs }: Of<'world'>) {
  if (event !== 'operation.started') return undefined;
  const command = orderedCommand(parseCommand(detail).unit);
  const found = [...ended].find(([id]) => command && isOfOperation(command, id));
  if (!command || !found) return undefined;
  const [operationId, end] = found;
  return `${host} started ${command.unit} at ${moment(atMs)}, after ${operationId} had ended as ${end}`;
}

import { parseCommand } from '../known/command.ts';
import { moment, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Flags of `kubectl drain` that ask no budget. */
const FORCING = ['--force', '--disable-eviction'];

export const budgets = invariant({
  id: 'S21',
  title: 'Disruption budgets are kept',
  rule: 'No pod is evicted past its budget, none is deleted to get round it, and no drain is forced, unless the spec says so.',
  hears: ['pod.evicted', 'world'],
  initial: undefined,
  step(state, entry, known) {
    // A field that the spec of this version does not have yet.
    const upgrade: Readonly<Record<string, unknown>> = specOf(known)?.upgrade ?? {};
    if (upgrade['force'] === true) return { state };
    const what = entry.type === 'world' ? forcedDrain(entry) : bypass(entry);
    return { state, broken: what && `${what} at ${moment(entry.atMs)}` };
  },
});

function bypass({ pod, node, how, disruptionsAllowed }: Of<'pod.evicted'>): string | undefined {
  if (how === 'deleted') return `pod ${pod} on ${node} was deleted, not evicted`;
  if (disruptionsAllowed === null || disruptionsAllowed > 0) return undefined;
  return `pod ${pod} on ${node} was evicted, and its budget allowed no disruption`;
}

function forcedDrain({ event, detail, host }: Of<'world'>): string | undefined {
  if (event !== 'operation.started') return undefined;
  const { argv } = parseCommand(detail);
  const flag = argv.find((word) => FORCING.includes(word));
  return argv.includes('drain') && flag !== undefined ? `${host} drained with ${flag}` : undefined;
}

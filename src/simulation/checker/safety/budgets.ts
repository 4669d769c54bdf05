import { parseCommand } from '../known/command.ts';
import { moment, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Flags of `kubectl drain` that ask no budget; neither does `kubectl delete`. */
const FORCING = ['--force', '--disable-eviction'];
const KUBECTL = /(^|\/)kubectl$/;

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
    const what = entry.type === 'world' ? bypass(entry) : overdraft(entry);
    return { state, broken: what && `${what} at ${moment(entry.atMs)}` };
  },
});

function overdraft({ pod, node, disruptionsAllowed }: Of<'pod.evicted'>): string | undefined {
  if (disruptionsAllowed === null || disruptionsAllowed > 0) return undefined;
  return `pod ${pod} on ${node} was evicted, and its budget allowed no disruption`;
}

function bypass({ event, detail, host }: Of<'world'>): string | undefined {
  if (event !== 'operation.started') return undefined;
  const { argv } = parseCommand(detail);
  if (KUBECTL.test(argv[0] ?? '') && argv[1] === 'delete') {
    return `${host} deleted with \`${argv.slice(1).join(' ')}\` what it may only evict`;
  }
  const flag = argv.find((word) => FORCING.includes(word));
  return argv.includes('drain') && flag !== undefined ? `${host} drained with ${flag}` : undefined;
}

import { parseCommand } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { hasServed, moment, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Flags of `kubectl drain` that ask no budget; neither does `kubectl delete`. */
const FORCING = ['--force', '--disable-eviction'];
const KUBECTL = /(^|\/)kubectl$/;

export const budgets = invariant({
  id: 'S21',
  title: 'Disruption budgets are kept',
  rule: 'No pod is evicted past its budget, none is deleted to get round it or cut off as a node that served is reset, and no drain is forced, unless the spec says so.',
  hears: ['pod.evicted', 'world'],
  initial: undefined,
  step(state, entry, known) {
    // A field that the spec of this version does not have yet.
    const upgrade: Readonly<Record<string, unknown>> = specOf(known)?.upgrade ?? {};
    if (upgrade['force'] === true) return { state };
    const what =
      entry.type === 'world' ? (cutOff(entry, known) ?? bypass(entry)) : overdraft(entry);
    return { state, broken: what && `${what} at ${moment(entry.atMs)}` };
  },
});

function overdraft({ pod, node, disruptionsAllowed }: Of<'pod.evicted'>): string | undefined {
  if (disruptionsAllowed === null || disruptionsAllowed > 0) return undefined;
  return `pod ${pod} on ${node} was evicted, and its budget allowed no disruption`;
}

/** A join that failed may be cleaned away under pods that came too soon. */
function cutOff({ event, detail, host }: Of<'world'>, known: Known): string | undefined {
  if (event !== 'pods.cut' || !hasServed(known, host)) return undefined;
  return `${host} was reset under ${detail}`;
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

import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { type Comebacks, distrustOf, withVerdicts } from '../../state/comebacks.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import type { Node } from '../../state/node.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { type Action, decide, type Observed } from './decide.ts';
import { verdictReasons } from './verdict-reasons.ts';

/**
 * Judges which nodes live. One per process: it remembers since when it has led and known
 * each of them, and who came back how often.
 */
export function createMembership(): Controller<Observed, Action> {
  let terms: Sightings = new Map();
  let lives: Sightings = new Map();
  let comebacks: Comebacks = new Map();

  return {
    name: 'membership',
    scope: 'leader',
    inputs: ['node', 'liveness'],
    outputs: ['liveness', 'event'],

    async observe({ clock, leadership, leases, observers, self, store }) {
      const term = leadership.term();
      const nowMs = clock.nowMs();
      const livenesses = store.list('liveness');
      const verdicts = livenesses.map(({ value }) => value);
      const nodes = store.list('node').map(({ value }) => value);
      terms = withSightings(terms, [String(term)], nowMs);
      lives = withSightings(lives, nodes.map(lifeOf), nowMs);
      comebacks = withVerdicts(comebacks, verdicts, nowMs);
      return {
        self: self.nodeId,
        term,
        watchedMs: Math.min(seenForMs(terms, String(term), nowMs), leases.sinceLogFailoverMs()),
        knownForMs: new Map(
          nodes.map((node) => [node.nodeId, seenForMs(lives, lifeOf(node), nowMs)]),
        ),
        nodes,
        leases: leases.list(),
        reports: observers.reports(),
        distrusted: new Map(
          verdicts.flatMap((verdict) => {
            const distrust = distrustOf(comebacks, verdict, nowMs);
            return distrust ? [[verdict.nodeId, distrust]] : [];
          }),
        ),
        livenesses,
      };
    },

    decide,

    async act({ term, liveness, ifRevision }, ports) {
      const { leadership, store } = ports;
      const { nodeId } = liveness;
      const about = store.get('node', nodeId)?.value ?? null;
      const before = store.get('liveness', nodeId)?.value;
      const reasons = about ? verdictReasons(about, before, liveness) : undefined;
      const write = () => store.put('liveness', nodeId, liveness, ifRevision);
      if (reasons === undefined) {
        refuseLostTerm(term, leadership.term());
        await write();
        return;
      }
      const controller = 'membership';
      await keepEvent(ports, { controller, term, about, operationId: null, reasons }, write);
    },
  };
}

function lifeOf({ nodeId, incarnation }: Node): string {
  return `${nodeId}/${incarnation}`;
}

import { isAlive, type NodeFacts } from '../../state/node-facts.ts';
import { reasonsForFallback } from './reasons.ts';
import {
  type Answer,
  failed,
  memberChange,
  oneChange,
  outOfService,
  type Situation,
  stillLeaves,
} from './situation.ts';

/**
 * Whether a worker whose promotion failed under its pods leaves Kubernetes now, drained like any other,
 * to join once its host is clean: undefined where there is none. One that does not live is replaced.
 */
export function fallback(situation: Situation): Answer | undefined {
  const { roster, failedPromotions } = situation;
  const standing = [...failedPromotions].flatMap(([nodeId, why]) => {
    const facts = roster.facts.get(nodeId);
    return facts && isAlive(facts) ? [{ facts, why }] : [];
  });
  const [first] = standing;
  if (!first) return undefined;
  const { facts, why } = first;
  const guards = [oneChange(otherChange(situation, facts))];
  const closed = failed(guards);
  if (closed) {
    const message = `${facts.node.hostname} is to be drained and to join anew, as its promotion failed: ${closed.message}`;
    return { type: 'wait', wait: { reason: closed.name, message } };
  }
  return {
    type: 'go',
    leaver: { facts, task: 'retire', reasons: reasonsForFallback(facts, why, guards) },
  };
}

/** Its own promotion comes to nothing any more; of the others one at a time is emptied (S6). */
function otherChange({ roster }: Situation, { assignment }: NodeFacts): string | undefined {
  return (
    memberChange(roster, assignment ? [assignment] : []) ??
    stillLeaves(roster) ??
    outOfService(roster.facts.values())
  );
}

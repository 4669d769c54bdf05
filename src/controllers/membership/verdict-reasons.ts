import type { Reasons } from '../../state/decision-event.ts';
import type { Liveness } from '../../state/liveness.ts';
import type { Node } from '../../state/node.ts';

/**
 * Why a verdict changes, for the event of it; undefined for a newcomer that lives, as it is nobody's
 * decision that somebody came.
 */
export function verdictReasons(
  { hostname, nodeId }: Pick<Node, 'hostname' | 'nodeId'>,
  before: Liveness | undefined,
  { verdict, evidence, incarnation }: Liveness,
): Reasons | undefined {
  if (before === undefined && verdict === 'alive') return undefined;
  const was = before === undefined ? 'not judged before' : `was ${before.verdict}`;
  const anew =
    before !== undefined && before.incarnation < incarnation ? ' as a new incarnation' : '';
  return {
    action: 'verdict',
    summary: `${hostname} (${nodeId}) is ${verdict}${anew}: ${evidence}`,
    guards: [{ name: 'evidence', passed: true, message: `${evidence} (${was})` }],
    rejected: [],
  };
}

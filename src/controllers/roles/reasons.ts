import { isWarm } from '../../state/candidate-order.ts';
import type { Guard, Reasons, Rejection } from '../../state/decision-event.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { Roster } from '../../state/roster.ts';

/** What an entry of the log has room for. */
const MAX_REJECTED = 64;

/** Why this node becomes a control plane, and none of the others. */
export function reasonsForControlPlane(
  roster: Roster,
  facts: NodeFacts,
  task: 'join-control-plane' | 'promote',
): Reasons {
  const newcomer = isWarm(facts) ? 'warm spare' : 'node without a role';
  const kind = task === 'promote' ? 'worker' : newcomer;
  return {
    action: task,
    summary: `${facts.node.hostname}, the best ${kind} for it, becomes a control plane`,
    guards: [
      {
        name: 'one-change',
        passed: true,
        message: 'every control plane is whole, and none comes or goes',
      },
    ],
    rejected: rejectedOf(roster),
  };
}

/** Why this worker is emptied, and none of the others; `why`: no worker takes the place under its pods. */
export function reasonsForRejoin(roster: Roster, { node }: NodeFacts, why: string): Reasons {
  return {
    action: 'rejoin',
    summary: `${node.hostname}, the best worker for it, is drained and reset to join as a control plane: ${why}`,
    guards: [
      {
        name: 'one-change',
        passed: true,
        message: 'every control plane is whole, and nobody leaves',
      },
    ],
    rejected: rejectedOf(roster),
  };
}

/** Why a node gets a role for which there is no choice to make. */
export function plainReasons(
  { node }: NodeFacts,
  task: 'init' | 'join-worker' | 'stand-by',
): Reasons {
  const words = {
    init: 'founds the cluster',
    'join-worker': 'becomes a worker',
    'stand-by': 'stands by, as no more nodes are wanted (size)',
  };
  return {
    action: task,
    summary: `${node.hostname} ${words[task]}`,
    guards: [],
    rejected: [],
  };
}

/** Why a control plane gives its place to another one. */
export function reasonsForReplacement(
  roster: Roster,
  summary: string,
  guards: readonly Guard[],
): Reasons {
  return { action: 'replace', summary, guards: [...guards], rejected: rejectedOf(roster) };
}

function rejectedOf({ candidates, promotable }: Roster): Rejection[] {
  const rejected = [...candidates.rejected, ...promotable.rejected].slice(0, MAX_REJECTED);
  return rejected.map(({ node, reason }) => {
    return { nodeId: node.nodeId, hostname: node.hostname, reason: reason.slice(0, 500) };
  });
}

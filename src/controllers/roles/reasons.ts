import { isWarm } from '../../state/candidate-order.ts';
import type { Guard, Reasons, Rejection } from '../../state/decision-event.ts';
import type { Node } from '../../state/node.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { Roster } from '../../state/roster.ts';
import { whyAfter } from '../../state/runner-up.ts';

/** What an entry of the log has room for. */
const MAX_REJECTED = 64;
const MAX_REASON = 500;
const MAX_SUMMARY = 1_000;

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
    rejected: notChosen(roster, byNewcomersFirst(roster), { chosen: facts }),
  };
}

/** Why this worker is emptied, and none of the others; `why`: no worker takes the place under its pods. */
export function reasonsForRejoin(roster: Roster, facts: NodeFacts, why: string): Reasons {
  return {
    action: 'rejoin',
    summary: `${facts.node.hostname}, the best worker for it, is drained and reset to join as a control plane: ${why}`,
    guards: [
      {
        name: 'one-change',
        passed: true,
        message: 'every control plane is whole, and nobody leaves',
      },
    ],
    rejected: notChosen(roster, roster.promotable.order, { chosen: facts }),
  };
}

/** Why a worker whose promotion failed is emptied. */
export function reasonsForFallback(
  { node }: NodeFacts,
  why: string,
  guards: readonly Guard[],
): Reasons {
  const start = `${node.hostname} is drained and reset to join as a control plane, as its promotion under its pods failed: `;
  return {
    action: 'rejoin',
    summary: `${start}${why}`.slice(0, MAX_SUMMARY),
    guards: [...guards],
    rejected: [],
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

/** Why a control plane that is lost gives its place to another one, if there is one. */
export function reasonsForReplacement(
  roster: Roster,
  lost: NodeFacts,
  summary: string,
  guards: readonly Guard[],
): Reasons {
  const heirs = byNewcomersFirst(roster);
  const rejected = notChosen(roster, heirs, { chosen: heirs[0], lost });
  return { action: 'replace', summary, guards: [...guards], rejected };
}

function byNewcomersFirst({ candidates, promotable }: Roster): readonly NodeFacts[] {
  return [...candidates.order, ...promotable.order];
}

/** Whom a decision is about. */
interface Chosen {
  readonly chosen: NodeFacts | undefined;
  /** Whose place it is; absent: nobody's. */
  readonly lost?: NodeFacts;
}

/** Who came after the chosen one, then who may not be chosen at all. Control planes are none of these. */
function notChosen(
  roster: Roster,
  order: readonly NodeFacts[],
  { chosen, lost }: Chosen,
): Rejection[] {
  const { candidates, promotable, obstacles } = roster;
  const after = order
    .slice(0, MAX_REJECTED)
    .flatMap((facts) =>
      chosen && facts !== chosen ? [rejection(facts.node, whyAfter(chosen, facts, roster))] : [],
    );
  const roleless = candidates.rejected.filter(
    ({ node }) => obstacles.get(node.nodeId)?.reason !== 'has-role',
  );
  const refused = [...roleless, ...promotable.rejected].map(({ node, reason }) =>
    rejection(node, reason),
  );
  return [...after, ...refused]
    .filter(({ nodeId }) => nodeId !== lost?.node.nodeId)
    .slice(0, MAX_REJECTED);
}

function rejection({ nodeId, hostname }: Node, why: string): Rejection {
  return { nodeId, hostname, reason: why.slice(0, MAX_REASON) };
}

import type { Action } from '../../src/controllers/roles/action.ts';
import type { Requeue } from '../../src/state/requeue.ts';

/** What the leader decided, a line each: `retire ccc by aaa`, `propose …`, `waits for grace`. */
export function told(actions: readonly (Action | Requeue)[]): readonly string[] {
  return actions.flatMap(lineOf);
}

function lineOf(action: Action | Requeue): readonly string[] {
  switch (action.type) {
    case 'assign': {
      const { task, nodeId, sponsor } = action.assignment;
      return [`${task} ${short(nodeId)} by ${sponsor === null ? 'nobody' : short(sponsor)}`];
    }
    case 'propose':
      return [`propose ${short(action.plan.nodeId)}`];
    case 'withdraw':
      return [`withdraw ${action.planId}`];
    case 'requeue':
      return action.waiting ? [`waits for ${action.waiting.reason}`] : [];
  }
}

/** Ids of nodes are eleven times the same letter. */
function short(nodeId: string): string {
  return `n${nodeId.charCodeAt(0) - 96}`;
}

/** The same decisions without what people are told of them. */
export function withoutReasons(
  actions: readonly (Action | Requeue)[],
): readonly (Action | Requeue)[] {
  return actions.map((action) => {
    if (action.type !== 'assign') return action;
    const { reasons: _, ...decided } = action;
    return decided;
  });
}

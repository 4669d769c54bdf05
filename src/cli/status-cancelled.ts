import type { AgentView } from '../state/agent-view.ts';
import type { Paint } from './paint.ts';

interface Options {
  readonly paint: Paint;
}

/** That the cluster is not as its spec says since people cancelled the rollout; empty when it is not so. */
export function renderCancelled(cancelled: AgentView['cancelled'], { paint }: Options): string {
  if (cancelled === null) return '';
  const { planId, action, runs, wants } = cancelled;
  const difference =
    action === 'upgrade'
      ? `the cluster runs ${runs.join(' and ')}, the spec says ${wants}`
      : 'not every node has the configuration that the spec says';
  return `${paint('yellow', 'Cancelled')}: ${difference}, as ${planId} was cancelled; any edit of the spec plans it anew (civitas edit)`;
}

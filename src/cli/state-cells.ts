import type { NodeView } from '../state/agent-view.ts';
import type { Paint } from './paint.ts';

const UNKNOWN = '-';

/** ROLE, PHASE, READY, KUBELET, ALIVE: what a node is, with `-` for what nobody knows or there is no more. */
export function stateCells(node: NodeView, paint: Paint): readonly string[] {
  if (node.phase === 'left') return [UNKNOWN, 'left', UNKNOWN, UNKNOWN, UNKNOWN];
  return [
    node.role ?? UNKNOWN,
    phaseText(node),
    readyText(node, paint),
    node.kubeletVersion ?? UNKNOWN,
    node.liveness === 'alive' ? 'yes' : paint('red', node.liveness),
  ];
}

function phaseText({ phase, drain, standBy }: NodeView): string {
  const more = drain === 'asked' ? 'to be drained' : (drain ?? standBy);
  return more === null ? phase : `${phase} (${more})`;
}

function readyText({ ready, liveness }: NodeView, paint: Paint): string {
  if (liveness === 'dead') return UNKNOWN;
  return ready ? paint('green', 'yes') : paint('yellow', 'no');
}

import type { Node } from '../state/node.ts';
import type { NodeId } from '../state/node-id.ts';

/** Who this agent is, as it enrols itself. */
export interface Self {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  readonly record: Node;
}

import type { NodeId } from '../../../state/node-id.ts';

const FIRST_LETTER = 'a'.charCodeAt(0);
const ID_LENGTH = 11;

/** The id of the node that comes so many places down in the order of ids. */
export function nodeIdAt(rank: number): NodeId {
  return String.fromCharCode(FIRST_LETTER + rank).repeat(ID_LENGTH);
}

/** The reverse. */
export function rankOf(nodeId: NodeId): number {
  return nodeId.charCodeAt(0) - FIRST_LETTER;
}

/** An operation id that says the same of every node: its own id stands as `@`. */
export function generic(operationId: string, nodeId: NodeId): string {
  return operationId.replace(nodeId, '@');
}

export function specific(name: string, nodeId: NodeId): string {
  return name.replace('@', nodeId);
}

/** Whether the name belongs to the whole cluster: whoever makes the entry first has it. */
export function isShared(name: string): boolean {
  return !name.includes('@');
}

import { kubectl } from './machines.ts';

/** Names of all Nodes that take no pods, as a control plane tells them. */
export function cordoned(plane: string): Promise<string> {
  const path = '{.items[?(@.spec.unschedulable==true)].metadata.name}';
  return kubectl(plane, 'get', 'nodes', '-o', `jsonpath=${path}`);
}

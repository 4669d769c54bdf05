import type { SimulatedNode } from './simulated-cluster.ts';

export const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** Sets labels, and takes away those that are null; true when that changed anything. */
export function labelNode(
  node: SimulatedNode,
  labels: Readonly<Record<string, string | null>>,
): boolean {
  const changed = Object.entries(labels).some(
    ([key, value]) => (node.labels[key] ?? null) !== value,
  );
  const merged = Object.entries({ ...node.labels, ...labels });
  node.labels = Object.fromEntries(
    merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  node.controlPlane = CONTROL_PLANE in node.labels;
  return changed;
}

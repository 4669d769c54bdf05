import { z } from 'zod';
import { isUp, sh } from './machine.ts';

/** What Kubernetes says of one of its nodes. */
export type NodeView = {
  readonly name: string;
  readonly role: 'control plane' | 'worker';
  readonly state: 'Ready' | 'NotReady';
};

const KUBECTL_TIMEOUT_MS = 5_000;

const nodeList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** The cluster's nodes as the first of these machines that can ask an API server sees them. */
export async function nodesSeenFrom(machines: readonly string[]): Promise<readonly NodeView[]> {
  for (const name of machines) {
    if (!(await isUp(name))) continue;
    const hasConfig = await sh(name, ['test', '-e', '/etc/kubernetes/admin.conf']);
    if (hasConfig.exitCode !== 0) continue;
    const get = ['kubectl', '--request-timeout=3s', 'get', 'nodes', '--output=json'];
    const answer = await sh(name, get, { timeoutMs: KUBECTL_TIMEOUT_MS });
    if (answer.exitCode === 0) return nodeList.parse(JSON.parse(answer.stdout)).items.map(view);
  }
  return [];
}

/** What is new in `now`, one line for each node that appeared or changed. */
export function changes(before: readonly NodeView[], now: readonly NodeView[]): readonly string[] {
  const known = new Map(before.map((node) => [node.name, words(node)]));
  return now.filter((node) => known.get(node.name) !== words(node)).map(words);
}

/** True when exactly this many nodes are there, all Ready, so many of them control planes. */
export function isWhole(
  nodes: readonly NodeView[],
  wanted: { readonly nodes: number; readonly controlPlanes: number },
): boolean {
  const controlPlanes = nodes.filter((node) => node.role === 'control plane').length;
  const ready = nodes.filter((node) => node.state === 'Ready').length;
  return ready === wanted.nodes && nodes.length === ready && controlPlanes === wanted.controlPlanes;
}

function view({ metadata, status }: z.infer<typeof nodeList>['items'][number]): NodeView {
  const ready = status.conditions.some((each) => each.type === 'Ready' && each.status === 'True');
  const isControlPlane = 'node-role.kubernetes.io/control-plane' in metadata.labels;
  return {
    name: metadata.name,
    role: isControlPlane ? 'control plane' : 'worker',
    state: ready ? 'Ready' : 'NotReady',
  };
}

function words({ name, role, state }: NodeView): string {
  return `${name} is a ${role}, ${state}`;
}

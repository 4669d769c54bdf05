import type { AgentView, NodeView } from '../../state/agent-view.ts';

/** What the demo saw at one moment: each agent's own view, by agent name, where it answered. */
export type Sightings = ReadonlyMap<string, AgentView>;

/** What happened between two looks, in sentences, oldest cause first. Nothing changed: no line. */
export function timeline(before: Sightings, after: Sightings): readonly string[] {
  const then = clusterSeen(before);
  const now = clusterSeen(after);
  return [
    ...discoveries(before, after),
    ...foundings(then, now),
    ...leaderships(then, now),
    ...nodeChanges(then?.nodes ?? [], now?.nodes ?? []),
    ...wholeness(then, now),
  ];
}

/** The view that knows most: of a running agent, of the leader if it answers. */
export function clusterSeen(sightings: Sightings): AgentView | undefined {
  const running = [...sightings.values()].filter(({ phase }) => phase === 'running');
  return (
    running.find(({ agent, leader }) => agent.nodeId === leader) ?? running[0] ?? anyOf(sightings)
  );
}

function anyOf(sightings: Sightings): AgentView | undefined {
  const views = [...sightings.values()];
  return views.find(({ clusterId }) => clusterId !== null) ?? views[0];
}

function discoveries(before: Sightings, after: Sightings): string[] {
  return [...after].flatMap(([name, view]) => {
    const known = new Set(before.get(name)?.peers.map(({ nodeId }) => nodeId));
    const found = view.peers.filter(
      ({ nodeId, refusal }) => !known.has(nodeId) && refusal === null,
    );
    if (found.length === 0) return [];
    return [`${name} found ${found.map(({ hostname }) => hostname).join(', ')}`];
  });
}

function foundings(then: AgentView | undefined, now: AgentView | undefined): string[] {
  const lines: string[] = [];
  if (now?.clusterId && then?.clusterId !== now.clusterId) {
    lines.push(`genesis: cluster ${now.clusterId}, epoch ${now.epoch}`);
  }
  if (now?.phase === 'running' && then?.phase !== 'running') lines.push('the log answers');
  return lines;
}

function leaderships(then: AgentView | undefined, now: AgentView | undefined): string[] {
  if (!now?.leader || then?.leader === now.leader) return [];
  const leader = now.nodes.find(({ nodeId }) => nodeId === now.leader);
  return [`${leader?.hostname ?? now.leader} leads`];
}

function nodeChanges(then: readonly NodeView[], now: readonly NodeView[]): string[] {
  return now.flatMap((node) => {
    const earlier = then.find(({ nodeId }) => nodeId === node.nodeId);
    return nodeLines(node, earlier).map((text) => `${node.hostname} ${text}`);
  });
}

function nodeLines(node: NodeView, earlier: NodeView | undefined): string[] {
  const lines: string[] = [];
  if (!earlier) lines.push('enrolled');
  if (node.role !== null && earlier?.role !== node.role) lines.push(`becomes ${node.role}`);
  if (earlier && earlier.phase !== node.phase && node.phase !== 'unknown')
    lines.push(`is ${node.phase}`);
  if (node.ready && !earlier?.ready) lines.push('is Ready');
  if (earlier && earlier.liveness !== node.liveness && node.liveness !== 'unknown') {
    if (!(earlier.liveness === 'unknown' && node.liveness === 'alive'))
      lines.push(`is ${node.liveness}`);
  }
  return lines;
}

function wholeness(then: AgentView | undefined, now: AgentView | undefined): string[] {
  if (now?.whole && !then?.whole) return [`the cluster is ${now.summary}`];
  if (then?.whole && now && !now.whole) return [`the cluster is no longer whole: ${now.summary}`];
  return [];
}

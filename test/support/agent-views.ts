import type { AgentView, NodeView } from '../../src/state/agent-view.ts';

/** A node that serves; say only what differs. */
export function nodeView(hostname: string, differs: Partial<NodeView> = {}): NodeView {
  return {
    nodeId: `${hostname}aaaaaaaaaa`.slice(0, 11),
    hostname,
    address: '10.88.0.1',
    zone: '',
    role: 'worker',
    phase: 'serving',
    ready: true,
    kubeletVersion: 'v1.34.4',
    parts: null,
    liveness: 'alive',
    leaving: false,
    drain: null,
    standBy: null,
    waiting: null,
    ...differs,
  };
}

/** An agent that runs in a cluster of nobody yet; say only what differs. */
export function agentView(differs: Partial<AgentView> = {}): AgentView {
  return {
    apiVersion: 'civitas.dev/v1alpha1',
    kind: 'ClusterStatus',
    agent: { nodeId: 'n1aaaaaaaaa', hostname: 'n1', version: '0.1.0', startedWallMs: 0 },
    phase: 'running',
    clusterId: '0d5ba1ab-0000-4000-8000-000000000000',
    epoch: 1,
    kubernetesVersion: 'v1.34.4',
    whole: false,
    summary: '0 of 0 nodes Ready',
    leader: null,
    revision: 0,
    decisions: {},
    controlPlanes: { wanted: 3, serving: 0 },
    budget: null,
    certificates: null,
    rollout: null,
    cancelled: null,
    plans: [],
    drift: [],
    nodes: [],
    discovery: [],
    peers: [],
    conditions: [],
    ...differs,
  };
}

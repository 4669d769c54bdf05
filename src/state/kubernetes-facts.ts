import type { Task } from './assignment.ts';
import type { Status } from './status.ts';

/** What one host's Kubernetes shows of itself. `unknown`: nobody answered, so nothing follows from it. */
export interface KubernetesFacts {
  readonly node: 'unknown' | 'absent' | RegisteredNode;
  /** Manifests of a control plane stand on the host. */
  readonly hostsControlPlane: boolean;
  readonly apiServerReady: boolean;
  readonly etcdMember: 'unknown' | Status['kubernetes']['etcdMember'];
  /** `kubeadm init` ran through all its phases. */
  readonly initialised: boolean;
}

interface RegisteredNode {
  readonly ready: boolean;
  readonly controlPlane: boolean;
  readonly kubeletVersion: string;
  readonly podCidr: string | null;
}

const NOTHING_YET: Status['kubernetes'] = {
  nodeReady: false,
  kubeletVersion: null,
  podCidr: null,
  apiServerReady: false,
  etcdMember: 'none',
};

/** Whether the world shows that the task is done. An exit code is never asked. */
export function isInstalled(task: Task, facts: KubernetesFacts): boolean {
  const { node, apiServerReady, etcdMember, hostsControlPlane, initialised } = facts;
  if (node === 'unknown' || node === 'absent') return false;
  const controlPlane = node.controlPlane && apiServerReady;
  switch (task) {
    case 'init':
      return controlPlane && initialised;
    case 'join-control-plane':
    case 'promote':
      return controlPlane && etcdMember === 'voter';
    case 'join-worker':
      return !hostsControlPlane;
    case 'demote':
      return !hostsControlPlane && !node.controlPlane && node.ready;
    case 'stand-by':
    case 'retire':
      return false;
  }
}

/** Facts for the status entry; what is unknown stays as it was last reported. */
export function statusFacts(
  facts: KubernetesFacts,
  reported: Status['kubernetes'] = NOTHING_YET,
): Status['kubernetes'] {
  const { node, apiServerReady, etcdMember } = facts;
  return {
    ...nodeFacts(node, reported),
    apiServerReady,
    etcdMember: etcdMember === 'unknown' ? reported.etcdMember : etcdMember,
  };
}

/** Whether something that served according to `reported` no longer does. */
export function isWorse(facts: Status['kubernetes'], reported: Status['kubernetes']): boolean {
  const nodeLost = reported.nodeReady && !facts.nodeReady;
  const apiServerLost = reported.apiServerReady && !facts.apiServerReady;
  const memberLost = reported.etcdMember === 'voter' && facts.etcdMember !== 'voter';
  return nodeLost || apiServerLost || memberLost;
}

function nodeFacts(node: KubernetesFacts['node'], reported: Status['kubernetes']) {
  if (node === 'unknown') {
    const { nodeReady, kubeletVersion, podCidr } = reported;
    return { nodeReady, kubeletVersion, podCidr };
  }
  if (node === 'absent') return { nodeReady: false, kubeletVersion: null, podCidr: null };
  const { ready, kubeletVersion, podCidr } = node;
  return { nodeReady: ready, kubeletVersion, podCidr };
}

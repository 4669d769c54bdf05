import type { Handover } from './handover.ts';
import { hasNoPlace } from './has-left.ts';
import type { LeaveItem } from './leave-view.ts';
import type { NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';

/** What the host of the node that leaves shows of itself. */
export interface LeavingHost {
  /** Replicas of the log that run here. */
  readonly replicas: readonly string[];
  /** Servers of this host's own load balancer. */
  readonly balancerServers: readonly string[];
  readonly cniPodCidr: string | null;
  readonly masqueradeFor: string | null;
}

export interface Leaving {
  readonly facts: NodeFacts;
  /** Nodes that hold a replica of the log. */
  readonly replicaNodes: readonly NodeId[];
  /** Keys and token on their way to this node. */
  readonly handover: Handover | undefined;
  readonly host: LeavingHost;
}

/**
 * What a clean departure takes, in the order in which it comes about, each judged by what is there. Of
 * what stands in the cluster the sponsor is believed only once it saw that it is gone (`departed`).
 */
export function leaveItems({ facts, replicaNodes, handover, host }: Leaving): readonly LeaveItem[] {
  const { node, assignment, status } = facts;
  const given = assignment?.value;
  const gone = hasNoPlace(facts);
  const etcdMember = status?.kubernetes.etcdMember ?? 'none';
  const runs = [
    ...(replicaNodes.includes(node.nodeId) ? ['the log still counts on one here'] : []),
    ...host.replicas,
  ];
  return [
    item('role', given === undefined || given.role === 'spare', {
      done: 'it has no role',
      open: `it is a ${given?.role}`,
    }),
    item('etcd member', gone && etcdMember === 'none', {
      done: 'etcd has no member here',
      open: etcdMember === 'none' ? 'nobody has confirmed yet that it is gone' : `a ${etcdMember}`,
    }),
    item('Node', gone, { done: 'Kubernetes knows no Node of it', open: 'its Node is there' }),
    item('replica of the log', runs.length === 0, { done: 'none is here', open: runs.join(', ') }),
    item('load balancers', gone && !host.balancerServers.includes(node.nodeId), {
      done: 'none sends anything here',
      open: 'they may still send requests here',
    }),
    item('tokens', handover === undefined, {
      done: 'none is under way to it',
      open: `token ${handover?.tokenId} is under way to it`,
    }),
    item('CNI', host.cniPodCidr === null, {
      done: 'no configuration of ours is left',
      open: `configured for ${host.cniPodCidr}`,
    }),
    item('nftables', host.masqueradeFor === null, {
      done: 'no rule of ours is left',
      open: `pods of ${host.masqueradeFor} are masqueraded`,
    }),
    item('host', gone && status?.phase === 'spare', {
      done: 'it stands by',
      open: `it is ${status?.phase ?? 'not reporting'}`,
    }),
  ];
}

function item(name: string, done: boolean, said: { done: string; open: string }): LeaveItem {
  return { name, done, message: done ? said.done : said.open };
}

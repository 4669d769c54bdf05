import type { EtcdHealth, EtcdMember } from '../../ports/etcd.ts';
import type { KubeNode } from '../../ports/kube.ts';
import type { Handover } from '../../state/handover.ts';
import type { NodeId } from '../../state/node-id.ts';

/** A join that has this node as its sponsor and is neither done nor given up. */
export interface Join {
  readonly nodeId: NodeId;
  readonly operationId: string;
  readonly task: 'join-control-plane' | 'join-worker';
  /** X25519 public key that the joining node enrolled with. */
  readonly sealKey: string;
  readonly hostname: string;
  readonly addresses: readonly string[];
  /** The attempt that is next, under way or last. */
  readonly attempt: number;
  /** The host is clean and waits for the keys: no kubelet of an earlier attempt runs any more. */
  readonly awaitsKeys: boolean;
  /** Absent where this process did not hand over this very attempt. */
  readonly handedOver?: HandedOver;
}

/** What became of this host's clocks since it handed over. */
interface HandedOver {
  /** By the monotonic clock, as everything that decides (S22). */
  readonly beforeMs: number;
  /** How much further than the monotonic clock the wall clock went; negative when it was set back. */
  readonly clockSetByMs: number;
}

export interface HandoverEntry {
  readonly value: Handover;
  readonly revision: number;
  /** How long this process has seen it, with this very token. */
  readonly seenForMs: number;
  /** Its join is done, and whoever made it is no control plane any more, so takes nothing back. */
  readonly abandoned: boolean;
}

/** What an attempt that failed left in the cluster. Both are named so that no later one is meant. */
export interface Remains {
  /** Node object; another of the same name has another uid. */
  readonly node?: Pick<KubeNode, 'name' | 'uid'>;
  /** Id of a member of etcd; another of the same host has another. */
  readonly memberId?: string;
}

export interface Observed {
  readonly nodeId: NodeId;
  /** Only a control plane that serves has the keys, and may make tokens. */
  readonly serves: boolean;
  /** Whether what the local copy of the log lacks is known to be gone. */
  readonly settled: boolean;
  /** Never tells how old a token is: only whether a clock was set, and what people read. */
  readonly wallMs: number;
  readonly joins: readonly Join[];
  readonly entries: readonly HandoverEntry[];
  /** Hosts that gave up, were cleaned, and share name and addresses with no other enrolled node. */
  readonly givenUp: readonly Pick<Join, 'hostname' | 'addresses'>[];
  /** Node objects and members of etcd; empty while no join failed. */
  readonly nodes: readonly Pick<KubeNode, 'name' | 'uid'>[];
  readonly members: readonly Pick<EtcdMember, 'id' | 'peerUrls'>[];
  /** Undefined while nobody waits for keys that let it add a member, or etcd does not tell. */
  readonly etcd: EtcdHealth | undefined;
  /** Those that civitas made, and how long this process has seen each. */
  readonly tokens: readonly { readonly id: string; readonly seenForMs: number }[];
}

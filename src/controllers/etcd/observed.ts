import type { EtcdAlarm, EtcdMember } from '../../ports/etcd.ts';
import type { NodeId } from '../../state/node-id.ts';

/** A host that may have a member of etcd. */
export interface Place {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly addresses: readonly string[];
}

/** An operation that a member of etcd belongs to for as long as it is under way. */
export interface Intent extends Place {
  readonly operationId: string;
  readonly task: 'join-control-plane' | 'promote' | 'retire' | 'demote';
  /** This node hands over the keys for it. */
  readonly sponsored: boolean;
  /** kubeadm ended, and its host waits whether what was asked for shows all the same. */
  readonly ended: boolean;
  /** Since this process saw kubeadm end; undefined when it was not there to see it. */
  readonly endedForMs: number | undefined;
}

export interface SeenMember extends EtcdMember {
  /** It answers, and says of itself that all is well. */
  readonly healthy: boolean;
  /** How long this process has seen it as a learner that nobody's operation is under way for. */
  readonly orphanForMs: number;
}

/** What etcd said when it was last asked. */
export interface Asked {
  /** In this very pass: only then anything follows from it. */
  readonly fresh: boolean;
  readonly members: readonly SeenMember[];
  readonly alarms: readonly EtcdAlarm[];
}

export interface Observed {
  readonly nowMs: number;
  /** Of all control planes that serve, this one sees to what is nobody's. */
  readonly caretaker: boolean;
  readonly intents: readonly Intent[];
  /** Control planes that serve and are alive. */
  readonly controlPlanes: readonly Place[];
  /** By host name, Nodes of hosts whose join is to be finished; of others not asked for. */
  readonly nodes: ReadonlyMap<string, { readonly controlPlane: boolean }>;
  /** Undefined on a host that does not serve, and while nothing gave a reason to ask. */
  readonly asked: Asked | undefined;
}

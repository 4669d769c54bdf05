import type { LogMember } from '../../ports/log-peers.ts';
import type { Reasons } from '../../state/decision-event.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { ReplicaSet } from '../../state/replicas.ts';

interface Decided {
  readonly term: number;
}

export type Action =
  /** Changes where the replicas are wanted; `about` is the node that gives its place up. */
  | (Decided & {
      readonly type: 'write';
      readonly replicas: ReplicaSet;
      readonly ifRevision: number;
      readonly about: NodeId;
      readonly reasons: Reasons;
    })
  | (Decided & { readonly type: 'evacuate'; readonly member: LogMember })
  | (Decided & { readonly type: 'lead'; readonly serverName: string })
  | (Decided & { readonly type: 'remove'; readonly member: LogMember });

import type { GenesisRecord, Replica } from '../../state/genesis-record.ts';

export type Action =
  /** Makes one that never ran here. */
  | { readonly type: 'start'; readonly replica: Replica; readonly record: GenesisRecord }
  /** Starts one again that ran here before. */
  | { readonly type: 'resume'; readonly replica: Replica; readonly record: GenesisRecord }
  /** Gives an empty replica another early election. */
  | { readonly type: 'restart'; readonly replica: Replica; readonly record: GenesisRecord }
  /** Tells those that run where the others are now. */
  | { readonly type: 'refresh'; readonly generation: number; readonly told: readonly Told[] }
  | { readonly type: 'stop'; readonly serverName: string }
  /** Stops this node's replicas for good and reports what they left. */
  | { readonly type: 'retire'; readonly epoch: number; readonly serverNames: readonly string[] }
  /** Its place is another node's now: nothing is left of it. */
  | { readonly type: 'discard'; readonly serverName: string };

interface Told {
  readonly replica: Replica;
  readonly record: GenesisRecord;
}

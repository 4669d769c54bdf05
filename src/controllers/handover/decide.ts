import type { Handover } from '../../state/handover.ts';
import type { NodeId } from '../../state/node-id.ts';

/** A join that is not under way yet gets a fresh token when the old one would end during it. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Another sponsor writes its entry right after its token; only what stays alone is an orphan. */
const ORPHAN_AFTER_MS = 30_000;

/** A join that has this node as its sponsor and is neither done nor given up. */
export interface Join {
  readonly nodeId: NodeId;
  readonly operationId: string;
  readonly task: 'join-control-plane' | 'join-worker';
  /** X25519 public key that the joining node enrolled with. */
  readonly sealKey: string;
}

export interface Observed {
  readonly nodeId: NodeId;
  /** Only a control plane that serves has the keys, and may make tokens. */
  readonly serves: boolean;
  /** Whether what the local copy of the log lacks is known to be gone. */
  readonly settled: boolean;
  readonly wallMs: number;
  readonly joins: readonly Join[];
  readonly entries: readonly { readonly value: Handover; readonly revision: number }[];
  /** Those that civitas made, and how long this process has seen each. */
  readonly tokens: readonly { readonly id: string; readonly seenForMs: number }[];
}

export type Action =
  | { readonly type: 'delete-token'; readonly id: string }
  | { readonly type: 'remove-entry'; readonly nodeId: NodeId; readonly ifRevision: number }
  | { readonly type: 'hand-over'; readonly join: Join; readonly ifRevision: number };

/** Keys and tokens for those who join now; of all others nothing is left. */
export function decide(observed: Observed): readonly Action[] {
  if (!observed.serves) return [];
  const takeBack = observed.settled ? [...releases(observed), ...orphans(observed)] : [];
  return [...takeBack, ...handovers(observed)];
}

/** The token goes first: an entry that is left names it, a token that is left is an orphan. */
function releases(observed: Observed): readonly Action[] {
  return observed.entries
    .filter(({ value }) => isOver(value, observed))
    .flatMap(({ value, revision }): readonly Action[] => [
      { type: 'delete-token', id: value.tokenId },
      { type: 'remove-entry', nodeId: value.nodeId, ifRevision: revision },
    ]);
}

/** A sponsor that died leaves its entries to the others once they expired. */
function isOver(entry: Handover, { nodeId, wallMs, joins }: Observed): boolean {
  if (joins.some((join) => join.nodeId === entry.nodeId)) return false;
  return entry.sponsor === nodeId || entry.expiresWallMs < wallMs;
}

/** Left by a crash between token and entry; nobody knows its secret half any more. */
function orphans({ entries, tokens }: Observed): readonly Action[] {
  const named = new Set(entries.map(({ value }) => value.tokenId));
  return tokens
    .filter(({ id, seenForMs }) => !named.has(id) && seenForMs >= ORPHAN_AFTER_MS)
    .map(({ id }) => ({ type: 'delete-token', id }));
}

function handovers(observed: Observed): readonly Action[] {
  return observed.joins.flatMap((join): readonly Action[] => {
    const entry = observed.entries.find(({ value }) => value.nodeId === join.nodeId);
    if (entry && isGood(entry.value, join, observed)) return [];
    return [{ type: 'hand-over', join, ifRevision: entry?.revision ?? 0 }];
  });
}

function isGood(entry: Handover, join: Join, { nodeId, wallMs, tokens }: Observed): boolean {
  if (entry.operationId !== join.operationId || entry.sponsor !== nodeId) return false;
  if (entry.expiresWallMs - wallMs < RENEW_BEFORE_MS) return false;
  return tokens.some(({ id }) => id === entry.tokenId);
}

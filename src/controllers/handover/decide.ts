import { TOKEN_LIFETIME_MS } from '../../state/bootstrap-token.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import type { Handover } from '../../state/handover.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Requeue } from '../../state/requeue.ts';
import { clockDoubt } from './clock-doubt.ts';
import { etcdDoubt, etcdTrouble } from './etcd-doubt.ts';
import { isFor, isTooSoon } from './handed-over.ts';
import type { HandoverEntry, Join, Observed, Remains } from './observed.ts';

/** A join that is not under way yet gets a fresh token when the old one would end during it. */
const RENEW_AFTER_MS = TOKEN_LIFETIME_MS - 5 * 60_000;
const MOST_LEFT_MS = TOKEN_LIFETIME_MS + 5 * 60_000;
/** Another sponsor writes its entry right after its token; only what stays alone is an orphan. */
const ORPHAN_AFTER_MS = 30_000;

export type Action =
  | { readonly type: 'delete-token'; readonly id: string }
  | { readonly type: 'remove-entry'; readonly nodeId: NodeId; readonly ifRevision: number }
  | { readonly type: 'remove-remains'; readonly remains: Remains }
  | {
      readonly type: 'hand-over';
      readonly join: Join;
      readonly ifRevision: number;
      /** Of an earlier attempt: they go before the keys are handed over. */
      readonly remains?: Remains;
    };

/** Keys and tokens for those who join now; of all others nothing is left. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  if (!observed.serves) return [];
  const takeBack = observed.settled
    ? [...releases(observed), ...orphans(observed), ...remainsOfGivenUp(observed)]
    : [];
  const awaiting = awaitingKeys(observed).map((join) => ({
    join,
    trouble: etcdTrouble(join, observed),
  }));
  return [
    ...takeBack,
    ...awaiting.flatMap(({ join, trouble }) => (trouble ? [] : handOver(join, observed))),
    ...awaiting.flatMap(({ join, trouble }) => (trouble ? [etcdDoubt(join, trouble)] : [])),
    ...clockDoubt(observed),
  ];
}

/** The token goes first: an entry that is left names it, a token that is left is an orphan. */
function releases(observed: Observed): readonly Action[] {
  return observed.entries
    .filter((entry) => isOver(entry, observed))
    .flatMap(({ value, revision }): readonly Action[] => [
      { type: 'delete-token', id: value.tokenId },
      { type: 'remove-entry', nodeId: value.nodeId, ifRevision: revision },
    ]);
}

/**
 * A sponsor that died leaves its entries to the others, once no token can be as old as they saw it; one
 * that is no control plane any more leaves them at once.
 */
function isOver(
  { value, seenForMs, abandoned }: HandoverEntry,
  { nodeId, joins }: Observed,
): boolean {
  if (joins.some((join) => join.nodeId === value.nodeId)) return false;
  return value.sponsor === nodeId || abandoned || seenForMs >= TOKEN_LIFETIME_MS;
}

/** Left by a crash between token and entry; nobody knows its secret half any more. */
function orphans({ entries, tokens }: Observed): readonly Action[] {
  const named = new Set(entries.map(({ value }) => value.tokenId));
  return tokens
    .filter(({ id, seenForMs }) => !named.has(id) && seenForMs >= ORPHAN_AFTER_MS)
    .map(({ id }) => ({ type: 'delete-token', id }));
}

/** A host that gave up never serves by that operation: what its last attempt left would stay for ever. */
function remainsOfGivenUp(observed: Observed): readonly Action[] {
  return observed.givenUp.flatMap((host): readonly Action[] => {
    const remains = remainsOf(host, observed);
    return remains ? [{ type: 'remove-remains', remains }] : [];
  });
}

/** Who lacks keys, or a token that is good for long enough. */
function awaitingKeys(observed: Observed): readonly Join[] {
  return observed.joins.filter((join) => {
    const entry = entryOf(join, observed);
    return join.awaitsKeys && !isTooSoon(join) && !(entry && isGood(entry, join, observed));
  });
}

function entryOf({ nodeId }: Join, { entries }: Observed): HandoverEntry | undefined {
  return entries.find(({ value }) => value.nodeId === nodeId);
}

function handOver(join: Join, observed: Observed): readonly Action[] {
  const entry = entryOf(join, observed);
  const action = { type: 'hand-over', join, ifRevision: entry?.revision ?? 0 } as const;
  const remains = remainsBefore(join, entry?.value, observed);
  if (remains === undefined) return [action];
  return observed.settled ? [{ ...action, remains }] : [];
}

/**
 * kubeadm refuses to join while a Ready Node has its name, which a Node stays for most of a minute
 * after its kubelet ended, and while a member of etcd does not answer. Once this attempt was handed
 * over, Node and member may be its own.
 */
function remainsBefore(join: Join, entry: Handover | undefined, observed: Observed) {
  if (join.attempt === 1 || isFor(join, entry)) return undefined;
  return remainsOf(join, observed);
}

function remainsOf(
  { hostname, addresses }: Pick<Join, 'hostname' | 'addresses'>,
  { nodes, members }: Observed,
): Remains | undefined {
  const node = nodes.find(({ name }) => name === hostname);
  const member = members.find((each) => isPeerAt(each, addresses));
  if (!node && !member) return undefined;
  return { ...(node && { node }), ...(member && { memberId: member.id }) };
}

/**
 * A token that ended is gone from the cluster, whose clocks decide. One that lives too long was made
 * before the clock of this host was set back: whoever joins does not take it.
 */
function isGood(
  { value, seenForMs }: HandoverEntry,
  join: Join,
  { nodeId, tokens, wallMs }: Observed,
): boolean {
  if (!isFor(join, value) || value.sponsor !== nodeId) return false;
  if (value.expiresWallMs - wallMs > MOST_LEFT_MS) return false;
  return seenForMs < RENEW_AFTER_MS && tokens.some(({ id }) => id === value.tokenId);
}

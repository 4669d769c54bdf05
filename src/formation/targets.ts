import { CivitasError } from '../errors.ts';
import type { PeerEndpoint } from '../ports/peers.ts';
import type { NodeId } from '../state/node-id.ts';

/** What is remembered of addresses that lead nowhere or to strangers; forged announcements must not fill the memory. */
const MAX_TARGETS = 512;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;
/** An address that led nowhere for some minutes is hardly tried any more. */
const HOPELESS_FAILURES = 30;
const HOPELESS_RETRY_MS = 60_000;
/** A refused node is asked again at this pace: its clock may be set, its token exchanged. */
const REFUSED_RETRY_MS = 5_000;
/** An address announced anew is tried at once, but not more often than this. */
const ANNOUNCED_AGAIN_MS = 1_000;

/** An address at which somebody may listen, and how it went there. */
export interface Target {
  readonly endpoint: PeerEndpoint;
  /** Who is said to be there, or answered there last. */
  readonly nodeId: NodeId | null;
  readonly isSelf: boolean;
  readonly isBeingAsked: boolean;
  readonly failures: number;
  readonly askedMs: number | null;
  /** Not before this. */
  readonly dueMs: number;
  /** What a person should know of it: somebody listens there who is none of us. */
  readonly trouble: string | null;
}

export type Targets = ReadonlyMap<string, Target>;

/** Adds an address, or makes a known one due again. `delayMs`: leave it that long to call us first. */
export function addTarget(
  targets: Targets,
  endpoint: PeerEndpoint,
  nodeId: NodeId | null,
  dueMs: number,
): Targets {
  const known = targets.get(keyOf(endpoint));
  if (known) {
    const earliestMs = Math.max(dueMs, (known.askedMs ?? -Infinity) + ANNOUNCED_AGAIN_MS);
    return known.dueMs <= earliestMs ? targets : replaced(targets, { ...known, dueMs: earliestMs });
  }
  const fresh: Target = {
    endpoint,
    nodeId,
    isSelf: false,
    isBeingAsked: false,
    failures: 0,
    askedMs: null,
    dueMs,
    trouble: null,
  };
  return replaced(targets.size < MAX_TARGETS ? targets : withoutWorst(targets), fresh);
}

/** From now on a question to this address is under way. */
export function noteAsking(targets: Targets, endpoint: PeerEndpoint, nowMs: number): Targets {
  return changed(targets, endpoint, { isBeingAsked: true, askedMs: nowMs });
}

export type Answer = 'accepted' | 'refused' | 'self';

/** Somebody answered there, and this is who. */
export function noteAnswered(
  targets: Targets,
  endpoint: PeerEndpoint,
  nodeId: NodeId,
  answer: Answer,
  nowMs: number,
): Targets {
  const dueMs = answer === 'refused' ? nowMs + REFUSED_RETRY_MS : nowMs;
  const isSelf = answer === 'self';
  return changed(targets, endpoint, {
    ...{ nodeId, isSelf, dueMs },
    ...{ isBeingAsked: false, failures: 0, trouble: null },
  });
}

/** `random` is in [0, 1): spreads the next attempts of many nodes. */
export function noteFailed(
  targets: Targets,
  endpoint: PeerEndpoint,
  error: unknown,
  nowMs: number,
  random: number,
): Targets {
  const failures = (targets.get(keyOf(endpoint))?.failures ?? 0) + 1;
  const longestMs = failures < HOPELESS_FAILURES ? LAST_RETRY_MS : HOPELESS_RETRY_MS;
  const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), longestMs);
  const dueMs = nowMs + backoffMs * (0.75 + random / 2);
  const isOther = error instanceof CivitasError && error.code === 'peer.foreign-key';
  const trouble = isOther ? error.message : null;
  return changed(targets, endpoint, { isBeingAsked: false, failures, dueMs, trouble });
}

/** A question to this address is under way. */
export function isBeingAsked(targets: Targets, endpoint: PeerEndpoint): boolean {
  return targets.get(keyOf(endpoint))?.isBeingAsked ?? false;
}

/** The last question to this address went unanswered. */
export function hasFailed(targets: Targets, endpoint: PeerEndpoint): boolean {
  return (targets.get(keyOf(endpoint))?.failures ?? 0) > 0;
}

/** One sentence for each address at which somebody listens who is none of us. */
export function troublesOf(targets: Targets): readonly string[] {
  return [...targets.values()].flatMap(({ trouble }) => trouble ?? []);
}

function keyOf({ address, port }: PeerEndpoint): string {
  return `${address} ${port}`;
}

function changed(targets: Targets, endpoint: PeerEndpoint, change: Partial<Target>): Targets {
  const known = targets.get(keyOf(endpoint));
  return known ? replaced(targets, { ...known, ...change }) : targets;
}

function replaced(targets: Targets, target: Target): Targets {
  return new Map(targets).set(keyOf(target.endpoint), target);
}

/** Leaves out the address that is least likely to lead to a node of this cluster. */
function withoutWorst(targets: Targets): Targets {
  const doubt = ({ nodeId, failures }: Target): number =>
    failures + (nodeId === null ? HOPELESS_FAILURES : 0);
  const [worst] = [...targets].sort(([, left], [, right]) => doubt(right) - doubt(left));
  return new Map([...targets].filter(([key]) => key !== worst?.[0]));
}

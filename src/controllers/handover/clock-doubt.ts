import { TOKEN_LIFETIME_MS } from '../../state/bootstrap-token.ts';
import type { Requeue } from '../../state/requeue.ts';
import { isFor, isTooSoon } from './handed-over.ts';
import type { HandoverEntry, Join, Observed } from './observed.ts';

/** Clocks that differ by less do no harm. */
const TOLERANCE_MS = 60_000;
const LOOK_AGAIN_MS = 10_000;
const CURE = 'set it right (`timedatectl set-ntp true`)';

/** A wait that names the clock of this host, where a token shows that the cluster has another time. */
export function clockDoubt(observed: Observed): readonly Requeue[] {
  const sentences = observed.joins.flatMap((join) => {
    const entry = observed.entries.find(({ value }) => isFor(join, value));
    return entry && isAwaited(entry, join, observed) ? sentenceFor(join, entry, observed) : [];
  });
  const [message] = sentences;
  if (message === undefined) return [];
  return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'clock', message } }];
}

function isAwaited({ value, seenForMs }: HandoverEntry, join: Join, { nodeId }: Observed): boolean {
  return join.awaitsKeys && value.sponsor === nodeId && seenForMs < TOKEN_LIFETIME_MS;
}

function sentenceFor(
  join: Join,
  { value }: HandoverEntry,
  { tokens, wallMs }: Observed,
): readonly string[] {
  const { hostname } = join;
  const leftMs = value.expiresWallMs - wallMs;
  const isThere = tokens.some(({ id }) => id === value.tokenId);
  const until = new Date(value.expiresWallMs).toISOString();
  if (!isThere && isTooSoon(join) && leftMs > TOLERANCE_MS) {
    return [
      `the token for ${hostname} is good until ${until} by the clock of this host, and gone from the cluster: that clock is behind those of the other control planes, so ${CURE}, or somebody deletes tokens; another is made within 3 minutes`,
    ];
  }
  if (isThere && leftMs < -TOLERANCE_MS) {
    return [
      `the token for ${hostname} ended at ${until} by the clock of this host, and the cluster still takes it: that clock is ahead of those of the other control planes, so ${CURE}`,
    ];
  }
  return [];
}

import type { Distrust } from './comebacks.ts';
import { type LeaseVerdict, leaseVerdict } from './lease-verdict.ts';
import type { Liveness } from './liveness.ts';
import type { Findings } from './probe.ts';

/** One observer may be wrong about a node, or about itself. */
const OBSERVERS = 2;
/** Two missed beats: with another node in its place that is enough, as nobody can be asked any more. */
const REPLACED_AFTER_MS = 20_000;
/** As long as a lease lives, nobody is dead for silence on a log that did not work meanwhile. */
const FAILOVER_GRACE_MS = 30_000;

/** All there is to go by about one incarnation of a node. */
export interface Signs {
  readonly isSelf: boolean;
  /** Undefined when the lease of this incarnation was never seen. */
  readonly leaseAgeMs: number | undefined;
  /** For how long the judge has listened to a log that worked, and has been the judge. */
  readonly watchedMs: number;
  readonly findings: Findings;
  /** Other nodes that may live, the judge among them: they could observe this one. */
  readonly possibleObservers: number;
  readonly standing: Liveness['verdict'] | undefined;
  /** Present when it came back too often to be taken at its word. */
  readonly distrust: Distrust | undefined;
}

/**
 * What the signs say of a node.
 *
 * 1. Dead takes evidence from two sides: its lease ran out, and nobody reaches it although two others
 *    looked (all others, where there are fewer). Whoever is reached by anybody is not dead, nor is a
 *    machine whose agent is gone and whose kubelet is not.
 * 2. Another node that answers in its place shows that it is gone, so that two missed beats do.
 * 3. No verdict of death within 30 s of a failover of the log, as beats get lost by it.
 * 4. Once dead, it takes a sign of life to be anything else: silence proves nothing twice.
 * 5. Suspicion takes a silence that two others notice, which shows within seconds, or an old lease.
 */
export function nodeVerdict(signs: Signs): LeaseVerdict {
  if (signs.isSelf) return 'alive';
  if (isDead(signs) || staysDead(signs)) return 'dead';
  if (isSuspect(signs)) return 'suspect';
  const lease = leaseVerdict(signs.leaseAgeMs, signs.watchedMs);
  return lease === 'alive' && isDistrusted(signs) ? 'suspect' : lease;
}

/** Whether enough observers miss a node, of which `possibleObservers` could. */
function isMissed({ silentTo, replacedFor }: Findings, possibleObservers: number): boolean {
  const wanted = Math.min(OBSERVERS, possibleObservers);
  return wanted > 0 && silentTo.length + replacedFor.length >= wanted;
}

function isDead({ leaseAgeMs, watchedMs, findings, possibleObservers }: Signs): boolean {
  if (livesFor(findings) || watchedMs < FAILOVER_GRACE_MS) return false;
  const ageMs = Math.min(leaseAgeMs ?? Number.POSITIVE_INFINITY, watchedMs);
  if (findings.replacedFor.length > 0 && ageMs >= REPLACED_AFTER_MS) return true;
  return leaseVerdict(leaseAgeMs, watchedMs) === 'dead' && isMissed(findings, possibleObservers);
}

function livesFor({ reachedBy, kubeletSeenBy }: Findings): boolean {
  return reachedBy.length > 0 || kubeletSeenBy.length > 0;
}

function staysDead({ standing, leaseAgeMs, watchedMs, findings }: Signs): boolean {
  const showsLife = leaseVerdict(leaseAgeMs, watchedMs) === 'alive' || livesFor(findings);
  return standing === 'dead' && !showsLife;
}

function isSuspect({ leaseAgeMs, watchedMs, findings, possibleObservers }: Signs): boolean {
  const lease = leaseVerdict(leaseAgeMs, watchedMs);
  return lease === 'suspect' || lease === 'dead' || isMissed(findings, possibleObservers);
}

function isDistrusted({ standing, distrust }: Signs): boolean {
  return distrust !== undefined && (standing === 'suspect' || standing === 'dead');
}

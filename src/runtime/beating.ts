import type { Ports } from '../ports/index.ts';

/** Three beats fit into the age at which a node is suspected. */
const LEASE_BEAT_MS = 10_000;
const RETRY_MS = 1_000;

/** Renews this node's lease until the signal aborts; a beat that was not confirmed is tried again soon. */
export async function beatUntil(
  signal: AbortSignal,
  { clock, leases, log }: Pick<Ports, 'clock' | 'leases' | 'log'>,
): Promise<void> {
  while (!signal.aborted) {
    const confirmed = await leases.beat().then(
      () => true,
      (err: unknown) => {
        log.debug({ event: 'lease.unconfirmed', err }, 'lease unconfirmed');
        return false;
      },
    );
    await clock.sleep(confirmed ? LEASE_BEAT_MS : RETRY_MS, signal);
  }
}

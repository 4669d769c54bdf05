import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

const LOOK_EVERY_MS = 10_000;
/** A link that is down for a moment mostly comes back with the address that it had. */
const MISSED_LOOKS = 3;

interface Watch {
  /** The one that the agent runs under. */
  readonly address: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** All that the host has now. */
  addresses(): readonly string[];
}

/**
 * Rejects with RetryableError `agent.address-gone` once the host has had other addresses for half a
 * minute and not this one; never for one that it does not list now, such as one that people chose. Never
 * resolves.
 */
export async function watchAddress({ address, clock, signal, addresses }: Watch): Promise<never> {
  let missed = addresses().includes(address) ? 0 : Number.NEGATIVE_INFINITY;
  while (!signal.aborted && missed < MISSED_LOOKS) {
    await clock.sleep(LOOK_EVERY_MS, signal);
    const all = addresses();
    missed = all.length > 0 && !all.includes(address) ? missed + 1 : Math.min(missed, 0);
  }
  if (signal.aborted) return new Promise<never>(() => undefined);
  throw new RetryableError(
    'agent.address-gone',
    `This machine is no longer at ${address} but at ${addresses().join(', ')}: the agent starts again under its new address.`,
  );
}

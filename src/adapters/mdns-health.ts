import type { DiscoveryHealth } from '../ports/discovery.ts';
import type { MdnsLink } from './mdns-link.ts';
import type { MdnsSightings } from './mdns-sightings.ts';

export interface MdnsFacts {
  readonly link: MdnsLink | undefined;
  /** Why there is no link. */
  readonly failure: string | undefined;
  readonly sightings: MdnsSightings;
}

/** What `civitas status` says of multicast DNS. */
export function mdnsHealth(
  { link, failure, sightings }: MdnsFacts,
  nowMs: number,
): DiscoveryHealth {
  const about = { name: 'mdns', lastSeenMs: sightings.lastSeenMs() } as const;
  if (failure) {
    const message = `Multicast DNS does not work (${failure}): free UDP port 5353, or name other nodes with --peer.`;
    return { ...about, state: 'failed', message };
  }
  if (!link) return { ...about, state: 'starting', message: 'Opening UDP port 5353.' };
  const failures = [...link.failures()];
  const state = failures.length === 0 ? 'ok' : 'degraded';
  const troubles = failures.map(([address, code]) => ` Sending from ${address} fails: ${code}.`);
  const foreign = sightings.foreignCount(nowMs);
  const others = foreign > 0 ? ` Ignores ${foreign} nodes with another token.` : '';
  const heard = `Heard ${sightings.fresh(nowMs).length} nodes on ${link.interfaces().join(', ')}.`;
  return { ...about, state, message: `${heard}${others}${troubles.join('')}` };
}

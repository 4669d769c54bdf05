import type { DiscoveryHealth } from '../ports/discovery.ts';
import { countText } from '../state/count-text.ts';
import type { MdnsLink } from './mdns-link.ts';
import type { MdnsSightings } from './mdns-sightings.ts';

const MOST_NAMED = 4;

export interface MdnsFacts {
  readonly link: Pick<MdnsLink, 'failures' | 'interfaces'> | undefined;
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
  const others = strangers(sightings.strangers(nowMs));
  const heard = `Heard ${sightings.fresh(nowMs).length} nodes on ${link.interfaces().join(', ')}.`;
  return { ...about, state, message: `${heard}${others}${troubles.join('')}` };
}

/** The latest are named: whoever looks for a missing machine knows its address. */
function strangers(places: readonly string[]): string {
  if (places.length === 0) return '';
  const named = places.slice(-MOST_NAMED).join(', ');
  const more = places.length > MOST_NAMED ? ', among them' : ':';
  const nodes = countText(places.length, 'node');
  return ` Ignores ${nodes} with another token${more} ${named}.`;
}

import { CivitasError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Discovery, DiscoveryHealth } from '../ports/discovery.ts';
import type { Durable } from '../ports/durable.ts';
import { REMEMBERED_PEERS_FILE, rememberedPeersSchema } from '../state/remembered-peers.ts';

/** Where peers were met before the last restart. */
export function createRememberedDiscovery(durable: Durable, clock: Clock): Discovery {
  let health: DiscoveryHealth = {
    name: 'remembered',
    state: 'starting',
    lastSeenMs: null,
    message: 'Reading the addresses of earlier peers.',
  };

  async function recall(onCandidate: (address: string, port: number) => void): Promise<void> {
    try {
      const stored = await durable.read(REMEMBERED_PEERS_FILE, rememberedPeersSchema);
      const endpoints = stored?.endpoints ?? [];
      for (const { address, port } of endpoints) onCandidate(address, port);
      const lastSeenMs = endpoints.length > 0 ? clock.nowMs() : null;
      const count = endpoints.length === 1 ? '1 peer is' : `${endpoints.length} peers are`;
      const message = `${count} remembered from earlier.`;
      health = { name: 'remembered', state: 'ok', lastSeenMs, message };
    } catch (error) {
      const message = error instanceof CivitasError ? error.message : String(error);
      health = { name: 'remembered', state: 'failed', lastSeenMs: null, message };
    }
  }

  return {
    name: 'remembered',
    start(onCandidate) {
      const recalled = recall(onCandidate);
      return { stop: () => recalled };
    },
    health: () => health,
  };
}

import { isTerminal } from '../errors.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';
import type { PeerEndpoint } from '../ports/peers.ts';
import {
  MAX_REMEMBERED_PEERS,
  REMEMBERED_PEERS_FILE,
  rememberedPeersSchema,
} from '../state/remembered-peers.ts';
import type { Knowledge } from './knowledge.ts';

type Endpoints = readonly PeerEndpoint[];

/**
 * Writes down where peers are met: a start without multicast begins there. Only an address that is
 * not on disk yet causes a write, so a cluster that comes back as it was writes nothing.
 */
export async function createPeerMemory(
  durable: Durable,
  log: Log,
): Promise<(known: Knowledge) => Promise<void>> {
  let saved = await recall(durable, log);
  /** Nothing of them is left to save. */
  let looked: Knowledge['peers'] | undefined;

  return async ({ peers }) => {
    if (peers === looked) return;
    const met = [...peers.values()].map(({ endpoint }) => endpoint);
    const wanted = worthKeeping(saved, met);
    if (wanted === saved || wanted.every((endpoint) => includes(saved, endpoint))) {
      looked = peers;
      return;
    }
    try {
      await durable.write(REMEMBERED_PEERS_FILE, { version: 1, endpoints: wanted });
      saved = wanted;
    } catch (error) {
      if (isTerminal(error)) throw error;
      log.warn({ event: 'peers.not-remembered', err: error }, 'peers not remembered');
    }
  };
}

/** Addresses can be found again, so a damaged file of them is no reason to stop. */
async function recall(durable: Durable, log: Log): Promise<Endpoints> {
  try {
    const stored = await durable.read(REMEMBERED_PEERS_FILE, rememberedPeersSchema);
    return stored?.endpoints ?? [];
  } catch (error) {
    log.warn({ event: 'peers.forgotten', err: error }, 'peers forgotten');
    return [];
  }
}

/** Old ones that still hold go first, so that a crowd of peers does not change the file for ever. */
function worthKeeping(saved: Endpoints, met: Endpoints): Endpoints {
  const fresh = met.filter((endpoint) => !includes(saved, endpoint));
  if (fresh.length === 0) return saved;
  const confirmed = saved.filter((endpoint) => includes(met, endpoint));
  const unmet = saved.filter((endpoint) => !includes(met, endpoint));
  return [...confirmed, ...fresh, ...unmet].slice(0, MAX_REMEMBERED_PEERS);
}

function includes(endpoints: Endpoints, { address, port }: PeerEndpoint): boolean {
  return endpoints.some((other) => other.address === address && other.port === port);
}

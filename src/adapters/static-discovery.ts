import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Discovery, DiscoveryHealth } from '../ports/discovery.ts';

const DEFAULT_PORT = 7946;
/** Names are looked up again this often: the machine behind one may have another address now. */
const LOOKUP_MS = 30_000;
const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;

export interface StaticPeer {
  readonly host: string;
  readonly port: number;
}

/** `host`, `host:port`, `[v6]:port`; TerminalError `cli.bad-peer`. */
export function parseStaticPeer(text: string): StaticPeer {
  const [, v6, host, port] = HOST_AND_PORT.exec(text) ?? [];
  const name = v6 ?? host;
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (name === undefined || number < 1 || number > 65_535) {
    throw new TerminalError(
      'cli.bad-peer',
      `The peer ${text} is no address: write host:port, such as 192.168.1.7:${DEFAULT_PORT}.`,
    );
  }
  return { host: name, port: number };
}

/** Addresses that a person named with `--peer`. */
export function createStaticDiscovery(peers: readonly StaticPeer[], clock: Clock): Discovery {
  const unknown = new Set<string>();
  let lastSeenMs: number | null = null;

  async function lookUp({ host, port }: StaticPeer, onCandidate: OnCandidate): Promise<void> {
    const addresses = await addressesOf(host);
    if (addresses.length === 0) unknown.add(host);
    else unknown.delete(host);
    for (const address of addresses) {
      lastSeenMs = clock.nowMs();
      onCandidate(address, port);
    }
  }

  return {
    name: 'static',
    start(onCandidate) {
      const stopping = new AbortController();
      const running = (async () => {
        while (!stopping.signal.aborted) {
          await Promise.all(peers.map((peer) => lookUp(peer, onCandidate)));
          await clock.sleep(LOOKUP_MS, stopping.signal);
        }
      })();
      return {
        stop: () => {
          stopping.abort();
          return running;
        },
      };
    },
    health: () => healthOf(peers, [...unknown], lastSeenMs),
  };
}

type OnCandidate = (address: string, port: number) => void;

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  // A name that is not known yet, or a resolver that is down: both may pass.
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function healthOf(
  peers: readonly StaticPeer[],
  unknown: readonly string[],
  lastSeenMs: number | null,
): DiscoveryHealth {
  const about = { name: 'static', lastSeenMs } as const;
  if (unknown.length > 0) {
    const state = unknown.length < peers.length ? 'degraded' : 'failed';
    return {
      ...about,
      state,
      message: `No address is known for ${unknown.join(', ')}: check the name and the resolver.`,
    };
  }
  const state = lastSeenMs === null && peers.length > 0 ? 'starting' : 'ok';
  return {
    ...about,
    state,
    message: `${peers.length} address${peers.length === 1 ? '' : 'es'} given with --peer.`,
  };
}

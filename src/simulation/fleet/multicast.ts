import type { Clock } from '../../ports/clock.ts';
import type { Discovery } from '../../ports/discovery.ts';
import type { Random } from '../../ports/random.ts';

/** When an agent asks after its start, as src/adapters/mdns-discovery does; then every 30 s. */
const ASK_AFTER_MS = [0, 250, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
const ASK_EVERY_MS = 30_000;
const PEER_PORT = 7_946;

type Heard = (address: string, port: number) => void;

/** Multicast DNS of one link: questions and answers that get lost, and never a trust in either. */
export interface Multicast {
  /** In [0, 1]: chance that one datagram is lost; 1 blocks multicast. */
  loss: number;
  /** The discovery of one life of an agent, which listens while `lives` says so. */
  discovery(who: Asker, clock: Clock, lives: () => boolean): Discovery;
}

interface Asker {
  readonly host: string;
  readonly address: string;
}

interface Listener extends Asker {
  readonly heard: Heard;
  lives(): boolean;
}

interface Options {
  readonly random: Random;
  /** Whether datagrams of `from` reach `to`. */
  hears(from: string, to: string): boolean;
}

export function createMulticast({ random, hears }: Options): Multicast {
  const listening = new Map<string, Listener>();
  const multicast: Multicast = {
    loss: 0,
    discovery: (who, clock, lives) => ({
      name: 'mdns',
      start(onCandidate) {
        const stopping = new AbortController();
        const listener = { ...who, lives, heard: onCandidate };
        listening.set(who.address, listener);
        const asking = ask(listener, clock, stopping.signal);
        return {
          async stop() {
            stopping.abort();
            if (listening.get(who.address) === listener) listening.delete(who.address);
            await asking;
          },
        };
      },
      health: () => ({ name: 'mdns', state: 'ok', lastSeenMs: null, message: 'Simulated.' }),
    }),
  };

  function arrives(from: string, to: string): boolean {
    return hears(from, to) && random.number() >= multicast.loss;
  }

  async function ask(asker: Listener, clock: Clock, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      await clock.sleep(ASK_AFTER_MS[round] ?? ASK_EVERY_MS, signal);
      if (signal.aborted) return;
      for (const other of others(asker)) meet(asker, other);
    }
  }

  function others(asker: Listener): readonly Listener[] {
    return [...listening.values()].filter((each) => each !== asker);
  }

  /** The question tells the others where the asker is, their answers tell it where they are. */
  function meet(asker: Listener, other: Listener): void {
    if (!other.lives() || !arrives(asker.host, other.host)) return;
    other.heard(asker.address, PEER_PORT);
    if (arrives(other.host, asker.host)) asker.heard(other.address, PEER_PORT);
  }

  return multicast;
}

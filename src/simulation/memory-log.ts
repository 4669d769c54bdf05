import type { Beat, Beats } from '../ports/beats.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import type { MemoryLink } from './memory-link.ts';
import { ownWays, type Way, type Ways } from './ways.ts';

/** The log's replicas, shared by the simulated agents of one cluster. */
export interface MemoryLog {
  readonly entries: MemoryBucket;
  readonly leases: MemoryBucket;
  /** Signs of life as one agent sends and hears them, by one connection for all who listen there. */
  beatsOver(link: MemoryLink): Beats;
  hasQuorum(): boolean;
  /** Without one, every write is refused. Coming back is a failover. */
  setQuorum(quorum: boolean): void;
  /** All replicas restart at once, with what is on their disks, and elect another leader. */
  restart(): void;
}

/** `signWays`: how leases and beats come to those who hear them. */
export function createMemoryLog(signWays: Ways = ownWays): MemoryLog {
  const replicas = { quorum: true };
  const entries = createMemoryBucket(replicas);
  const leases = createMemoryBucket(replicas, signWays);
  const listeners = new Set<(beat: Beat, way: Way) => Promise<void>>();

  function restart(): void {
    entries.failOver();
    leases.failOver();
  }

  return {
    entries,
    leases,
    beatsOver(link) {
      const callbacks = new Set<(beat: Beat) => void>();
      const arrive = async (beat: Beat, way: Way) => {
        await way(link);
        if (link.hears()) for (const callback of [...callbacks]) callback(beat);
      };
      return {
        send(beat) {
          if (!link.isUp()) return false;
          const way = signWays();
          for (const listener of [...listeners]) void listener(beat, way);
          return true;
        },
        listen(callback) {
          callbacks.add(callback);
          listeners.add(arrive);
          return () => {
            callbacks.delete(callback);
            if (callbacks.size === 0) listeners.delete(arrive);
          };
        },
      };
    },
    hasQuorum: () => replicas.quorum,
    setQuorum(quorum) {
      const came = quorum && !replicas.quorum;
      replicas.quorum = quorum;
      if (came) restart();
    },
    restart,
  };
}

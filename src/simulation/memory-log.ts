import type { Beat, Beats } from '../ports/beats.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import type { MemoryLink } from './memory-link.ts';

/** The log's replicas, shared by the simulated agents of one cluster. */
export interface MemoryLog {
  readonly entries: MemoryBucket;
  readonly leases: MemoryBucket;
  /** Signs of life as one agent sends and hears them. */
  beatsOver(link: MemoryLink): Beats;
  hasQuorum(): boolean;
  /** Without one, every write is refused. Coming back is a failover. */
  setQuorum(quorum: boolean): void;
  /** All replicas restart at once, with what is on their disks, and elect another leader. */
  restart(): void;
}

export function createMemoryLog(): MemoryLog {
  const replicas = { quorum: true };
  const entries = createMemoryBucket(replicas);
  const leases = createMemoryBucket(replicas);
  const listeners = new Set<(beat: Beat) => void>();

  function restart(): void {
    entries.failOver();
    leases.failOver();
  }

  return {
    entries,
    leases,
    beatsOver: (link) => ({
      send(beat) {
        if (!link.isUp()) return false;
        for (const listener of [...listeners]) listener(beat);
        return true;
      },
      listen(callback) {
        const listener = async (beat: Beat) => {
          await link.travel();
          if (link.hears()) callback(beat);
        };
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    hasQuorum: () => replicas.quorum,
    setQuorum(quorum) {
      const came = quorum && !replicas.quorum;
      replicas.quorum = quorum;
      if (came) restart();
    },
    restart,
  };
}

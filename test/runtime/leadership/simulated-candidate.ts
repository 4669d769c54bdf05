import type { Random } from '../../../src/ports/random.ts';
import type { StoreHandle } from '../../../src/ports/store.ts';
import {
  type RunningLeadership,
  startLeadership,
} from '../../../src/runtime/leadership/leadership.ts';
import { createMemoryLeases } from '../../../src/simulation/memory-leases.ts';
import { createMemoryLink, type MemoryLink } from '../../../src/simulation/memory-link.ts';
import type { MemoryLog } from '../../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

const MOST_DELAY_MS = 300;

/** An agent that runs for leader and can be stopped in its tracks. */
export interface Candidate {
  readonly link: MemoryLink;
  readonly store: StoreHandle;
  leadership(): RunningLeadership;
  isPaused(): boolean;
  /** SIGSTOP: nothing of the agent runs, but time does. */
  pause(): void;
  /** SIGCONT. Returns the term the agent believes in the moment it comes back. */
  resume(): number | undefined;
  /** SIGKILL and a new start of the same agent. */
  crash(): void;
}

export function createCandidate(
  name: string,
  log: MemoryLog,
  time: VirtualClock,
  random: Random,
): Candidate {
  const self = { nodeId: name.padEnd(11, 'a'), incarnation: 1 };
  let resumed = Promise.resolve();
  let letGo: (() => void) | undefined;
  let life = 0;

  function clockOf(thisLife: number): VirtualClock {
    return {
      ...time,
      async sleep(delayMs, signal) {
        await time.sleep(delayMs, signal);
        await resumed;
        if (thisLife !== life) await new Promise<never>(() => undefined);
      },
    };
  }

  function start() {
    const clock = clockOf(life);
    const link = createMemoryLink(() => clock.sleep(random.number() * MOST_DELAY_MS));
    const store = createMemoryStore({ log, link });
    const leases = createMemoryLeases({ log, link, clock, self });
    const ports = { clock, leases, log: silentLog, random, self, store, mayLead: () => true };
    // Nothing of the record is read by who runs for leader.
    const leadership = startLeadership({ ...ports, self: { ...self, record: undefined as never } });
    return { link, store, leadership };
  }

  let running = start();
  return {
    get link() {
      return running.link;
    },
    get store() {
      return running.store;
    },
    leadership: () => running.leadership,
    isPaused: () => letGo !== undefined,
    pause() {
      if (letGo) return;
      resumed = new Promise((resolve) => {
        letGo = resolve;
      });
    },
    resume() {
      const term = running.leadership.term();
      letGo?.();
      letGo = undefined;
      return term;
    },
    crash() {
      life += 1;
      running.link.setUp(false);
      running = start();
    },
  };
}

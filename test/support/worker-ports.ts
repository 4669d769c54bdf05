import type { Ports } from '../../src/ports/index.ts';

/** A clock that stands still until the test moves it, a log that keeps its events, and a store that hears. */
export function workerPorts() {
  const time = { nowMs: 0 };
  const store = { synced: true };
  const events: string[] = [];
  const note = ({ event }: { readonly event: string }): void => {
    events.push(event);
  };
  const ports = {
    clock: {
      nowMs: () => time.nowMs,
      wallMs: () => 1_000_000 + time.nowMs,
      sleep: () => Promise.resolve(),
    },
    store,
    log: { debug: note, info: note, warn: note, error: note },
  };
  // A worker reaches for nothing else; a controller under test that does fails on undefined.
  return { time, store, events, ports: ports as unknown as Ports };
}

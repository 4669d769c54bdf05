import type { Ports } from '../../src/ports/index.ts';
import type { Leases } from '../../src/ports/leases.ts';
import type { ProbeReport } from '../../src/state/probe.ts';
import { node } from './controllers-entries.ts';
import { FakeStore } from './controllers-store.ts';

/** A clock, leadership, leases and observers that say what the test last set. */
export interface World {
  nowMs: number;
  term: number | undefined;
  sinceLogFailoverMs: number;
  leases: { nodeId: string; incarnation: number; ageMs: number }[];
  reports: readonly ProbeReport[];
  readonly store: FakeStore;
}

export function createWorld(): World {
  const store = new FakeStore();
  return { nowMs: 0, term: undefined, sinceLogFailoverMs: 60_000, leases: [], reports: [], store };
}

/** Ports of n1 in that world. What a test does not give is missing: who reaches for it fails. */
export function portsIn(world: World, given: Partial<Ports> = {}): Ports {
  const leases = {
    list: () => world.leases,
    sinceLogFailoverMs: () => world.sinceLogFailoverMs,
  } as unknown as Leases;
  const ports: Partial<Ports> = {
    clock: { nowMs: () => world.nowMs, wallMs: () => world.nowMs, sleep: async () => {} },
    leadership: { term: () => world.term, onLead: () => () => undefined },
    leases,
    observers: { reports: () => world.reports, clocks: () => [], roundTripMs: () => undefined },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    self: { nodeId: node(1).nodeId, incarnation: 1, record: node(1) },
    store: world.store,
    ...given,
  };
  return ports as Ports;
}

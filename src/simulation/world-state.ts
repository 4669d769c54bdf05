import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SimulatedMirror } from './release-files.ts';
import type { Report } from './report.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import { isPowered, type SimulatedHost } from './simulated-host.ts';

/** One change of the simulated world: who, what, and of what. Nothing is recorded for a mere look. */
export interface JournalEntry {
  readonly atMs: number;
  readonly host: string;
  /** `<noun>.<past-verb>`: `operation.started`, `phase.started`, `file.written`, `power.cut` … */
  readonly event: string;
  readonly detail: string;
}

export interface WorldOptions {
  readonly clock: Clock;
  /** Names things and varies durations a little; default: a stream that is always the same. */
  readonly random?: Random;
  /** How many times faster than on real machines everything goes; default 1. */
  readonly speed?: number;
}

/** All there is in a simulated world. Tests may read it; they change it through the world's functions. */
export interface WorldState {
  readonly clock: Clock;
  readonly random: Random;
  readonly speed: number;
  readonly hosts: Map<string, SimulatedHost>;
  readonly clusters: Map<string, SimulatedCluster>;
  /** Directed: `a>b` means that nothing of a reaches b. */
  readonly cuts: Set<string>;
  /** By URL. */
  readonly mirrors: Map<string, SimulatedMirror>;
  readonly journal: JournalEntry[];
  /** Called with each journal entry while the change is under way: a place to put a fault. */
  readonly witnesses: Set<(entry: JournalEntry) => void>;
  /** Called each time the world came to rest after a change. */
  readonly onlookers: Set<() => void>;
  /** Since when each condition that must hold for a while has held, by name. */
  readonly heldSinceMs: Map<string, number>;
  /** When certificates expire, and when kubelets renew theirs. */
  readonly expiriesWallMs: Set<number>;
  /** The kubelets that were heard when the world had changed that often; forgotten at each settling. */
  heard: { readonly changes: number; readonly reports: readonly Report[] } | undefined;
  /** What commands write is synced while they run: false as on hosts without GNU find. */
  syncsBesideCommands: boolean;
  /** Counts changes of state, to see that the world came to rest. */
  changes: number;
  /** When the next condition has held long enough. */
  nextDueMs: number;
  /** When the world will look by itself. */
  alarmMs: number;
}

export function createState({ clock, random, speed }: Required<WorldOptions>): WorldState {
  return {
    clock,
    random,
    speed,
    hosts: new Map(),
    clusters: new Map(),
    cuts: new Set(),
    mirrors: new Map(),
    journal: [],
    witnesses: new Set(),
    syncsBesideCommands: true,
    onlookers: new Set(),
    heldSinceMs: new Map(),
    expiriesWallMs: new Set(),
    heard: undefined,
    changes: 0,
    nextDueMs: Number.POSITIVE_INFINITY,
    alarmMs: Number.POSITIVE_INFINITY,
  };
}

export function hostNamed(world: WorldState, name: string): SimulatedHost {
  const host = world.hosts.get(name);
  if (!host) throw new Error(`simulation: there is no host ${name}`);
  return host;
}

export function hostAt(world: WorldState, address: string): SimulatedHost | undefined {
  for (const host of world.hosts.values()) if (host.address === address) return host;
  return undefined;
}

export function poweredHosts(world: WorldState) {
  return [...world.hosts.values()].filter(isPowered);
}

export function record(world: WorldState, host: string, event: string, detail: string): void {
  const entry = { atMs: world.clock.nowMs(), host, event, detail };
  world.journal.push(entry);
  for (const witness of world.witnesses) witness(entry);
}

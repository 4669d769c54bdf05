import type { EtcdAlarm } from '../ports/etcd.ts';
import type { HostPorts } from '../ports/index.ts';
import {
  boot,
  breakPart,
  clearAlarms,
  cut,
  failNext,
  heal,
  killOperation,
  mendPart,
  powerOff,
  raiseAlarm,
  renumber,
  setWallOffset,
  type Unsynced,
  wipe,
} from './faults.ts';
import { simulatedHostPorts } from './host-ports.ts';
import { putBundleFile } from './release-arrival.ts';
import type { SimulatedMirror } from './release-files.ts';
import { createSeededRandom } from './seeded-random.ts';
import {
  type ArmedFailure,
  type BreakablePart,
  createHost,
  type HostSpec,
} from './simulated-host.ts';
import { applyBudget, applyWorkload } from './workloads/apply.ts';
import type { BudgetSpec, WorkloadSpec } from './workloads/workload.ts';
import {
  createState,
  type JournalEntry,
  type WorldOptions,
  type WorldState,
} from './world-state.ts';

/**
 * Simulated machines, their network and the Kubernetes clusters on them. Nothing of it is real: no
 * process, file or packet. An agent sees its host through `hostPorts`, as it sees a real one through
 * the adapters; tests and the demo's keys do to it what happens to machines.
 */
export interface World {
  /** Everything there is, for tests to look at. */
  readonly state: WorldState;
  /** A new machine with an empty disk, switched on. */
  addHost(spec: HostSpec): void;
  /**
   * The ports of a host, as an agent on it would hold them. They outlive power cuts: while there is
   * no power every call rejects with RetryableError `simulation.powered-off`.
   */
  hostPorts(hostname: string): HostPorts;
  /** Power on; nothing when it is. Whatever stands on the disk starts by itself. */
  boot(hostname: string): void;
  /**
   * Power cut: all that runs is gone, also finished operations. What civitas wrote stays; what others
   * wrote within the last 30 s without fsync stays with `unsynced: 'kept'`, the default, is gone with
   * `lost`, and with `torn` each such file is as it was before, empty, or kept.
   */
  powerOff(hostname: string, options?: { readonly unsynced?: Unsynced }): void;
  /** Power cut, and a new disk. What clusters know of the host stays with them. */
  wipe(hostname: string): void;
  /** The host has another address from now on, and no longer the one it had. */
  renumber(hostname: string, address: string): void;
  /** Drops all traffic between two hosts, or only what `from` sends to `to`. */
  cut(from: string, to: string, options?: { readonly direction?: 'both' | 'one-way' }): void;
  /** Passes traffic between two hosts again; without arguments, between all. */
  heal(a?: string, b?: string): void;
  /** What answers at a URL from now on. */
  setMirror(url: string, mirror: SimulatedMirror): void;
  /** The host has this file, which somebody loaded there as part of a bundle. */
  putBundleFile(hostname: string, content: string): void;
  /** The wall clock of a host shows so much more than the right time, until this is called again. */
  setWallOffset(hostname: string, offsetMs: number): void;
  /** SIGKILL to the program of an operation; nothing when it does not run. */
  killOperation(hostname: string, name: string): void;
  /**
   * Lets the next run of a kubeadm phase on this host fail with `text`: before it did anything, or
   * after all its work was done, as when kubeadm's last request times out. Default: before.
   */
  failNext(hostname: string, failure: FailureToCome): void;
  /** A program that is on the host does not start there, or no registry answers it, until that is mended. */
  breakPart(hostname: string, part: BreakablePart): void;
  mendPart(hostname: string, part: BreakablePart): void;
  /** A user's Deployment, StatefulSet or DaemonSet, applied at the API server of this host. */
  applyWorkload(hostname: string, workload: WorkloadSpec): void;
  /** A user's PodDisruptionBudget. */
  applyBudget(hostname: string, budget: BudgetSpec): void;
  /**
   * The etcd on this host raises an alarm: with NOSPACE its cluster takes no writes, with CORRUPT no
   * API server of it is ready. Throws where no etcd runs.
   */
  raiseAlarm(hostname: string, kind: EtcdAlarm['kind']): void;
  /** Ends the alarms of the cluster that this host's etcd belongs to. */
  clearAlarms(hostname: string): void;
  /**
   * Calls back with each change while it is under way, which is the moment to put a fault: a power
   * cut at `phase.started` ends kubeadm right there. Returns the unsubscribe function.
   */
  onChange(witness: (entry: JournalEntry) => void): () => void;
  /** Calls back each time everything on the hosts came to rest after a change; returns the way to end that. */
  onRest(look: () => void): () => void;
}

type FailureToCome = Pick<ArmedFailure, 'phase' | 'text'> & Partial<ArmedFailure>;

const DEFAULT_SEED = 1;

export function createWorld(options: WorldOptions): World {
  const { clock, random = createSeededRandom(DEFAULT_SEED), speed = 1 } = options;
  const state = createState({ clock, random, speed });
  return {
    state,
    addHost(spec) {
      if (state.hosts.has(spec.hostname)) {
        throw new Error(`simulation: there is a host ${spec.hostname} already`);
      }
      state.hosts.set(spec.hostname, createHost(spec));
      boot(state, spec.hostname);
    },
    hostPorts: (hostname) => simulatedHostPorts(state, hostname),
    boot: (hostname) => boot(state, hostname),
    powerOff: (hostname, how) => powerOff(state, hostname, how?.unsynced ?? 'kept'),
    wipe: (hostname) => wipe(state, hostname),
    renumber: (hostname, address) => renumber(state, hostname, address),
    cut: (from, to, how) => cut(state, from, to, how?.direction ?? 'both'),
    heal: (a, b) => heal(state, a, b),
    setMirror: (url, mirror) => state.mirrors.set(url, mirror),
    putBundleFile: (hostname, content) => putBundleFile(state, hostname, content),
    setWallOffset: (hostname, offsetMs) => setWallOffset(state, hostname, offsetMs),
    killOperation: (hostname, name) => killOperation(state, hostname, name),
    failNext: (hostname, failure) => failNext(state, hostname, { when: 'before', ...failure }),
    breakPart: (hostname, part) => breakPart(state, hostname, part),
    mendPart: (hostname, part) => mendPart(state, hostname, part),
    applyWorkload: (hostname, workload) => applyWorkload(state, hostname, workload),
    applyBudget: (hostname, budget) => applyBudget(state, hostname, budget),
    raiseAlarm: (hostname, kind) => raiseAlarm(state, hostname, kind),
    clearAlarms: (hostname) => clearAlarms(state, hostname),
    onChange(witness) {
      state.witnesses.add(witness);
      return () => state.witnesses.delete(witness);
    },
    onRest(look) {
      state.onlookers.add(look);
      return () => state.onlookers.delete(look);
    },
  };
}

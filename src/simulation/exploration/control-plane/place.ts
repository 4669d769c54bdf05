import type { Progress } from '../../../machines/operation-progress.ts';
import type { Task } from '../../../state/assignment.ts';
import { createInterner, type Interner } from '../interner.ts';

/** What the leader asks. The sponsor stands in the state of the cluster, as it is another place. */
export interface Asked {
  readonly task: Task;
  /** Operation id with `@` where the node's own id stands, so that it says the same of every node. */
  readonly name: string;
  readonly term: number;
  /** The later term in which it came into the log, if one had begun by then. */
  readonly lateIn?: number;
}

export interface Recorded {
  readonly name: string;
  readonly task: Task;
  readonly progress: Progress;
}

/** What a node says of itself, as far as anybody decides by it. */
export interface Said {
  readonly phase: string;
  readonly name: string | null;
  readonly reason: string | null;
  readonly nodeReady: boolean;
  readonly apiServerReady: boolean;
  readonly etcdMember: 'none' | 'learner' | 'voter';
}

/** A write of a leader that was past its last check when it was deposed: it lands, or never does. */
interface LateWrite {
  readonly asked: Asked;
  /** The name and term of the entry that it replaces, empty for none. */
  readonly expected: string;
}

/** What this node's copy of the log had of its own entries once. */
interface OldCopy {
  readonly asked: Asked | null;
  readonly recorded: Recorded | null;
  /**
   * kept: on its disk, and not what it goes by. behind: what came later has not arrived.
   * restarted: the agent has begun with it, and knows that it may be old.
   */
  readonly state: 'kept' | 'behind' | 'restarted';
}

/** One node: its machine, and what the log says of it. Plain data. */
export interface Place {
  /** silent: it works, but its beats are lost; gone: its disk was lost, so nobody can ever be it again. */
  readonly power: 'on' | 'silent' | 'off' | 'gone';
  readonly leads: boolean;
  /** The highest term obeyed, as its disk has it, and as it was. */
  readonly obeyedTerm: number;
  readonly highestTerm: number;
  /** Name of the operation in the marker file. */
  readonly marker: string | null;
  /** `ca.crt` was handed over, or made. */
  readonly keys: boolean;
  /** Manifests and credentials of a control plane stand on the disk. */
  readonly manifests: boolean;
  readonly etcdData: boolean;
  /** The kubelet has credentials of its own. */
  readonly registered: boolean;
  /** What Kubernetes has of it: nothing, its Node, or one that is marked as a control plane. */
  readonly node: 'none' | 'plain' | 'marked';
  /** What was moved aside at the boot: all that a kubelet starts with, or only the control plane. */
  readonly parked: 'none' | 'all' | 'static-pods';
  /** In the member list of etcd, whatever is left of it here. */
  readonly member: 'none' | 'learner' | 'voter';
  readonly kubeadm: 'absent' | 'announced' | 'running' | 'succeeded' | 'failed';
  /** How far the command is that runs. */
  readonly phase: number;
  /** left: the member was removed, the rest follows. */
  readonly reset: 'absent' | 'running' | 'left' | 'ended';
  /** Of the operation recorded: the last attempt whose command was started. */
  readonly started: number;
  readonly ranInit: boolean;

  readonly enrolled: boolean;
  /** Genesis chose it as first control plane. Told only while it matters. */
  readonly chosen: boolean;
  readonly verdict: 'none' | 'alive' | 'suspect' | 'dead';
  readonly asked: Asked | null;
  readonly recorded: Recorded | null;
  /** An earlier operation to become a control plane is in the log beside that. */
  readonly wasControlPlane: boolean;
  readonly said: Said | null;
  /** Of what it is asked, if that is to leave: what the sponsor says of it; stalled: etcd can not spare it. */
  readonly departure: 'none' | 'under-way' | 'stalled' | 'done';
  /** People asked it to give its place up. */
  readonly leaving: boolean;
  readonly late: LateWrite | null;
  readonly copy: OldCopy | null;
}

/** A machine that was never started. */
export const NEW_PLACE: Place = {
  power: 'on',
  leads: false,
  obeyedTerm: 0,
  highestTerm: 0,
  marker: null,
  keys: false,
  manifests: false,
  etcdData: false,
  registered: false,
  node: 'none',
  parked: 'none',
  member: 'none',
  kubeadm: 'absent',
  phase: 0,
  reset: 'absent',
  started: 0,
  ranInit: false,
  enrolled: false,
  chosen: false,
  verdict: 'none',
  asked: null,
  recorded: null,
  wasControlPlane: false,
  said: null,
  departure: 'none',
  leaving: false,
  late: null,
  copy: null,
};

export interface Places extends Interner<Place> {
  /** The number of that place with some fields changed. */
  changed(number: number, change: Partial<Place>): number;
}

export function createPlaces(): Places {
  // Fields stand in one order, as every place is a copy of another one.
  const interner = createInterner<Place>((place) => JSON.stringify(place));
  const changes = new Map<string, number>();
  return {
    ...interner,
    changed(number, change) {
      const key = `${number}${JSON.stringify(change)}`;
      const known = changes.get(key);
      if (known !== undefined) return known;
      const fresh = interner.numberOf({ ...interner.thing(number), ...change });
      changes.set(key, fresh);
      return fresh;
    },
  };
}

/** Whether a kubelet runs while the machine does. */
export function hasKubelet({ registered, parked }: Place): boolean {
  return registered && parked !== 'all';
}

/** Whether the manifests of a control plane are where they count. */
export function hasManifests({ manifests, parked }: Place): boolean {
  return manifests && parked === 'none';
}

export function isUp({ power }: Place): boolean {
  return power === 'on' || power === 'silent';
}

/** What the node's copy of the log has of its own. */
export function ownEntries({ asked, recorded, copy }: Place): Pick<Place, 'asked' | 'recorded'> {
  return copy === null || copy.state === 'kept' ? { asked, recorded } : copy;
}

/** What its copy of the log says of its departure; an old one knows nothing of it. */
export function departureKnownTo({ departure, copy }: Place): Place['departure'] {
  return copy === null || copy.state === 'kept' ? departure : 'none';
}

/** Whether what it was asked came too late, and it has not begun it all the same. */
export function isLate({ asked, recorded }: Pick<Place, 'asked' | 'recorded'>): boolean {
  return asked?.lateIn !== undefined && recorded?.name !== asked.name;
}

/** Whether the operation asked for is the one recorded, and it ended well. */
export function isDone({ recorded }: Place): boolean {
  return recorded?.progress.state === 'succeeded';
}

/** What can happen to simulated machines; see src/simulation/faults/kinds.ts for what each does. */
export const FAULT_KINDS = [
  'agent-killed',
  'agent-killed-at-call',
  'agent-paused',
  'agent-stopped',
  'all-agents-killed',
  'power-cut',
  'power-cut-unsynced',
  'power-cut-in-phase',
  'all-power-cut',
  'link-cut',
  'link-cut-one-way',
  'link-flaps',
  'partitioned',
  'packets-lost',
  'packets-late',
  'messages-doubled',
  'big-packets-lost',
  'address-doubled',
  'neighbours-forgotten',
  'multicast-blocked',
  'wall-clock-jumps',
  'address-changed',
  'address-moved',
  'disk-full',
  'disk-slow',
  'disk-fails',
  'state-damaged',
  'backup-restored',
  'log-leader-lost',
  'log-unreachable',
  'log-watch-stalled',
  'replica-stopped',
  'kubeadm-fails',
  'kubeadm-killed',
  'machine-added',
  'machine-wiped',
  'worker-writes',
  'control-planes-edited',
  'leave-asked',
  'leave-withdrawn',
  'kubeadm-edited',
  'changed-by-hand',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** One thing that happens in a run: plain data, so that a failing run is kept, shrunk and replayed. */
export interface Fault {
  readonly kind: FaultKind;
  /** Virtual time since the run began. */
  readonly atMs: number;
  /** After which it is over; for what happens at once, when its cause is mended (power, agent). */
  readonly lastsMs: number;
  /** Host names. Which of them matter, and how, is the kind's. */
  readonly hosts: readonly string[];
  /** In [0, 1): how strong, which phase, at which call. */
  readonly amount: number;
}

/** How a machine ends: `lost` with its disk, `off` with all that stands on it. */
export type MachineState = 'running' | 'off' | 'lost';

export interface FinalMachine {
  readonly hostname: string;
  readonly state: MachineState;
  /** Machines of other groups are out of its reach; whatever number, where the network is whole. */
  readonly group: number;
}

/** Members of one quorum system, by how they end. */
export interface Quorum {
  readonly total: number;
  readonly needed: number;
  /** Those that reach each other: the largest such group. */
  readonly together: readonly string[];
  readonly off: readonly string[];
  readonly lost: readonly string[];
  /** They run, out of reach of the largest group. */
  readonly apart: readonly string[];
}

/** Weighs members by the hosts they are on; a host may hold more than one. Pure. */
export function weigh(hosts: readonly string[], machines: readonly FinalMachine[]): Quorum {
  const members = hosts.map((host) => machines.find(({ hostname }) => hostname === host));
  const running = members.filter((member) => member?.state === 'running');
  const groups = [...Map.groupBy(running, (member) => member?.group).values()];
  const largest = groups.reduce((a, b) => (b.length > a.length ? b : a), []);
  const named = (state: MachineState) =>
    hosts.filter((_, index) => (members[index]?.state ?? 'lost') === state);
  const together = largest.flatMap((member) => member?.hostname ?? []);
  return {
    total: hosts.length,
    needed: Math.floor(hosts.length / 2) + 1,
    together,
    off: named('off'),
    lost: named('lost'),
    apart: named('running').filter((host) => !together.includes(host)),
  };
}

export function isThere({ together, needed }: Quorum): boolean {
  return together.length >= needed;
}

/** Whether nothing that may come back is enough. */
export function isGoneForGood({ total, lost, needed }: Quorum): boolean {
  return total - lost.length < needed;
}

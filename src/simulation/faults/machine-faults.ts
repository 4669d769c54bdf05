import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

const ONE_YEAR_MS = 31_557_600_000;

/** Begins right after a join made its host a voter of etcd, and its kubelet got a certificate. */
const ETCD_COUNTS = / control-plane-join\/mark-control-plane$/;

/** What happens to whole machines and their clocks. */
export const machineFaults = {
  'power-cut': {
    does: 'a machine loses its power, and nothing of its disk; it boots when the fault ends',
    begin: (fleet, fault) => cutPower(machinesOf(fleet, fault), 'kept'),
  },
  'power-cut-unsynced': {
    does: 'a machine loses its power and what nobody had synced; it boots when the fault ends',
    begin: (fleet, fault) => cutPower(machinesOf(fleet, fault), 'lost'),
  },
  'power-cut-in-phase': {
    does: 'a machine loses its power when a phase of kubeadm begins on it, the next one or the first when etcd counts on it, with what was not synced',
    begin(fleet, { hosts, lastsMs, amount }) {
      const forget = fleet.world.onChange(({ event, host, detail }) => {
        if (event !== 'phase.started' || !hosts.includes(host)) return;
        if (amount >= 0.5 && !ETCD_COUNTS.test(detail)) return;
        forget();
        cutPowerFor(fleet, fleet.machine(host), lastsMs);
      });
      return forget;
    },
  },
  'all-power-cut': {
    does: 'every machine loses its power at once; each boots when the fault ends',
    begin: ({ machines }) => cutPower(machines, 'lost'),
  },
  'wall-clock-jumps': {
    does: 'the wall clock of a machine jumps by up to a year, back or forth, and back when the fault ends',
    begin(fleet, fault) {
      const byMs = Math.round((fault.amount - 0.5) * 2 * ONE_YEAR_MS);
      const machines = machinesOf(fleet, fault);
      for (const machine of machines) machine.jumpWall(byMs);
      return () => {
        for (const machine of machines) machine.jumpWall(-byMs);
      };
    },
  },
  'address-changed': {
    does: 'a machine has another address, and its former one again when the fault ends',
    begin(fleet, fault) {
      const former = machinesOf(fleet, fault)
        .filter(({ hostname }) => fleet.world.state.hosts.has(hostname))
        .map((machine) => ({ machine, address: machine.node().addresses[0] ?? '' }));
      for (const { machine, address } of former) machine.renumber(otherAddress(address));
      return () => {
        for (const { machine, address } of former) machine.renumber(address);
      };
    },
  },
  'address-moved': {
    does: 'one machine has another address, for good; nothing where it holds two replicas of the log, as that is for people',
    begin(fleet, fault) {
      const [machine] = machinesOf(fleet, fault);
      const [former = ''] = machine?.node().addresses ?? [];
      const isThere = machine && fleet.world.state.hosts.has(machine.hostname);
      if (isThere && replicasOn(machine) < 2) machine.renumber(otherAddress(former));
      return undefined;
    },
  },
  'machine-added': {
    does: 'one more machine with the same token is switched on, and stays',
    begin(fleet) {
      fleet.addMachine();
      return undefined;
    },
  },
  'machine-wiped': {
    does: 'a machine loses its disk and boots empty, for good',
    begin(fleet, fault) {
      const machines = machinesOf(fleet, fault);
      for (const machine of machines) machine.wipe();
      return () => {
        for (const machine of machines) machine.boot();
      };
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** As genesis put them; whoever does not run, or knows of no genesis yet, may have any number. */
function replicasOn(machine: Machine): number {
  const record = machine.agent()?.formation.record();
  const { nodeId } = machine.node();
  if (!record) return Number.POSITIVE_INFINITY;
  return record.replicas.filter((each) => each.nodeId === nodeId).length;
}

/** In the same network, where nobody is. */
function otherAddress(address: string): string {
  return address.replace(/\d+$/, (last) => `${(Number(last) + 100) % 250}`);
}

function cutPower(machines: readonly Machine[], unsynced: 'kept' | 'lost'): () => void {
  for (const machine of machines) machine.powerOff({ unsynced });
  return () => {
    for (const machine of machines) machine.boot();
  };
}

/** The phase that was about to begin is ended by the power cut, so it happens a moment later. */
function cutPowerFor({ clock }: Fleet, machine: Machine, lastsMs: number): void {
  void clock.sleep(1).then(() => {
    machine.powerOff({ unsynced: 'lost' });
    void clock.sleep(lastsMs).then(machine.boot);
  });
}

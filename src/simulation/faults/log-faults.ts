import type { Fleet } from '../fleet/fleet.ts';
import type { Fault } from './fault.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

/** What happens to the replicas of the log, and to the way there. */
export const logFaults = {
  'log-leader-lost': {
    does: 'the replica that leads the log restarts, so that the others elect another',
    begin(fleet) {
      for (const log of fleet.logs.all()) log.dropLeader();
      return undefined;
    },
  },
  'log-unreachable': {
    does: 'an agent loses its connection to the log and gets none until the fault ends',
    begin(fleet, fault) {
      const links = machinesOf(fleet, fault).flatMap((machine) => machine.link() ?? []);
      for (const link of links) link.setUp(false);
      return () => {
        for (const log of fleet.logs.all()) log.weigh();
      };
    },
  },
  'log-watch-stalled': {
    does: 'an agent hears nothing new of the log, and is not told so, until the fault ends',
    begin(fleet, fault) {
      const links = machinesOf(fleet, fault).flatMap((machine) => machine.link() ?? []);
      for (const link of links) link.setWatching(false);
      return () => {
        for (const link of links) link.setWatching(true);
      };
    },
  },
  'replica-stopped': {
    does: 'somebody stops the replicas of the log on a machine; they start again when the fault ends',
    begin: (fleet, fault) => stopReplicas(fleet, fault),
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

function stopReplicas(fleet: Fleet, { hosts }: Fault): () => void {
  const stopped = fleet.logs.all().flatMap((log) => {
    const names = log.replicasOn(hosts).filter((name) => log.isRunning(name));
    for (const name of names) log.setRunning(name, false);
    return names.map((name) => ({ log, name }));
  });
  return () => {
    for (const { log, name } of stopped) log.setRunning(name, true);
  };
}

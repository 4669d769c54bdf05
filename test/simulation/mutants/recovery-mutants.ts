import { createLogReplica } from '../../../src/controllers/log-replica/controller.ts';
import type { Bucket } from '../../../src/ports/bucket.ts';
import type { Ports } from '../../../src/ports/index.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { genesisInTime, seenByAll } from '../../../src/simulation/checker/liveness/formation.ts';
import { freedDisk } from '../../../src/simulation/checker/liveness/freed-disk.ts';
import { logComesBack, oneView } from '../../../src/simulation/checker/liveness/recovery.ts';
import {
  nextLeader,
  somebodyLeads,
} from '../../../src/simulation/checker/liveness/somebody-leads.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { LeaderLeaseContent } from '../../../src/state/lease-book.ts';
import { breakLogs } from './broken-log.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const TEN_SECONDS_MS = 10_000;
/** A lease is over, and the time to have a leader again after it. */
const LEADERLESS_MS = 100_000;

/** Whatever comes late, or not at all: agents find each other, a leader, and the log again. */
export const recoveryMutants: readonly Mutant[] = [
  {
    rule: seenByAll,
    name: 'nobody looks at whom it found for ten seconds',
    async script(fleet, isBroken) {
      if (isBroken) findLate(fleet);
      await fleet.clock.advance(TEN_SECONDS_MS);
    },
  },
  {
    rule: genesisInTime,
    name: 'each message of genesis waits for ten seconds',
    async script(fleet, isBroken) {
      if (isBroken) agreeLate(fleet);
      await fleet.clock.advance(TEN_SECONDS_MS);
    },
  },
  {
    rule: nextLeader,
    name: 'whoever led first keeps the lease for ever',
    async script(fleet, isBroken) {
      if (isBroken) breakLogs(fleet, ofOneHolder(), 'leases');
      await fleet.clock.advance(ONE_MINUTE_MS);
      fleet.leader()?.kill();
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: somebodyLeads,
    name: 'a leader wants to hear from every machine',
    async script(fleet, isBroken) {
      if (isBroken) breakLogs(fleet, (bucket) => whileAllRun(bucket, fleet), 'leases');
      await fleet.clock.advance(ONE_MINUTE_MS);
      const leader = fleet.leader();
      fleet.machines.find((machine) => machine !== leader)?.powerOff();
      await fleet.clock.advance(LEADERLESS_MS);
    },
  },
  {
    rule: logComesBack,
    name: 'a replica that ran before is never started again',
    altered: () =>
      inPlaceOf('log-replica', (options) => {
        const logReplica = createLogReplica(options);
        return register({
          ...logReplica,
          decide: (observed) => logReplica.decide(observed).filter(({ type }) => type !== 'resume'),
        });
      }),
    async script({ clock, machines }) {
      await clock.advance(ONE_MINUTE_MS);
      for (const machine of machines) machine.powerOff();
      await clock.advance(TEN_SECONDS_MS);
      for (const machine of machines) machine.boot();
      await clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: oneView,
    name: 'an agent that was cut off follows the log no more',
    async script(fleet, isBroken) {
      if (isBroken) breakLogs(fleet, untilInterrupted);
      await fleet.clock.advance(ONE_MINUTE_MS);
      for (const other of ['n1', 'n2']) fleet.world.cut('n3', other);
      await fleet.clock.advance(ONE_MINUTE_MS);
      fleet.world.heal();
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: freedDisk,
    name: 'an agent that found its disk full never looks again',
    altered: () => ({ alterPorts: (ports) => ({ ...ports, durable: resigned(ports.durable) }) }),
    async script(fleet) {
      await fleet.clock.advance(TEN_SECONDS_MS);
      const directory = fleet.machine('n2').directory();
      const fault = { fault: 'disk-full', detail: 'n2' } as const;
      fleet.recorder.note('n2', { type: 'fault.begun', ...fault });
      directory.trouble = 'full';
      await fleet.clock.advance(TEN_SECONDS_MS);
      directory.trouble = 'none';
      fleet.recorder.note('n2', { type: 'fault.ended', ...fault });
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
];

function findLate({ clock, multicast }: Fleet): void {
  const { discovery } = multicast;
  const late: typeof discovery = (...asker) => {
    const sound = discovery(...asker);
    return {
      ...sound,
      start: (onCandidate) =>
        sound.start((...found) => {
          void clock.sleep(TEN_SECONDS_MS).then(() => onCandidate(...found));
        }),
    };
  };
  Object.assign(multicast, { discovery: late });
}

function agreeLate({ network }: Fleet): void {
  const { attach } = network;
  const late: typeof attach = (who, address, clock) => {
    const peers = attach(who, address, clock);
    return {
      ...peers,
      async request(target, method, body) {
        if (method === 'genesis') await clock.sleep(TEN_SECONDS_MS);
        return peers.request(target, method, body);
      },
    };
  };
  Object.assign(network, { attach: late });
}

function ofOneHolder(): (bucket: Bucket) => Bucket {
  let holder: string | undefined;
  return (bucket) => ({
    ...bucket,
    async write(path, text, ifRevision) {
      const { nodeId } = JSON.parse(text ?? '') as LeaderLeaseContent;
      holder ??= nodeId;
      return nodeId === holder ? bucket.write(path, text, ifRevision) : { type: 'conflict' };
    },
  });
}

function whileAllRun(bucket: Bucket, { machines }: Fleet): Bucket {
  return {
    ...bucket,
    async write(path, text, ifRevision) {
      const allRun = machines.every((machine) => machine.isRunning());
      return allRun ? bucket.write(path, text, ifRevision) : { type: 'conflict' };
    },
  };
}

function untilInterrupted(bucket: Bucket): Bucket {
  return {
    ...bucket,
    watch(watcher) {
      const unwatch = bucket.watch({
        ...watcher,
        onInterrupted() {
          watcher.onInterrupted();
          unwatch();
        },
      });
      return unwatch;
    },
  };
}

function resigned(durable: Ports['durable']): Ports['durable'] {
  let found: unknown;
  return {
    ...durable,
    async write(name, value) {
      if (found !== undefined) throw found;
      await durable.write(name, value).catch((error: unknown) => {
        found = error;
        throw error;
      });
    },
  };
}

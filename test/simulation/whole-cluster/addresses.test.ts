import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const TWO_MINUTES_MS = 120_000;
const NEW_ADDRESS = '10.88.0.200';

async function wholeFleet(): Promise<Fleet> {
  const fleet = startFleet({ nodes: 4, seed: 3, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function machineWith(fleet: Fleet, role: string): Machine {
  const log = logOf(fleet);
  const found = fleet.machines.find((machine) => {
    return log.get('assignment', machine.node().nodeId)?.value.role === role;
  });
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}

function internalIps({ world }: Fleet): ReadonlyMap<string, string> {
  const nodes = [...world.state.clusters.values()].flatMap((each) => [...each.nodes.values()]);
  return new Map(nodes.map(({ name, internalIp }) => [name, internalIp]));
}

function waitOf(machine: Machine, controller: string): string | undefined {
  const health = machine.agent()?.member.current()?.manager.health()[controller];
  return health?.state === 'waiting' ? health.wait.reason : undefined;
}

const peerUrls = ({ world }: Fleet) =>
  [...world.state.clusters.values()].flatMap(({ etcd }) =>
    etcd.members.map(({ peerUrl }) => peerUrl),
  );

describe('a machine at another address', () => {
  test(
    'is a worker: everybody finds it there, and so does Kubernetes',
    async () => {
      const fleet = await wholeFleet();
      const worker = machineWith(fleet, 'worker');
      worker.powerOff();
      worker.renumber(NEW_ADDRESS);
      worker.boot();
      await fleet.clock.advance(TWO_MINUTES_MS);
      fleet.end();
      expect(logOf(fleet).get('node', worker.node().nodeId)?.value.addresses).toEqual([
        NEW_ADDRESS,
      ]);
      expect(internalIps(fleet).get(worker.hostname)).toBe(NEW_ADDRESS);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a worker whose agent dies before its kubelet is restarted',
    async () => {
      const fleet = await wholeFleet();
      const worker = machineWith(fleet, 'worker');
      const stop = fleet.onCall((machine, call, [path]) => {
        if (machine !== worker || call !== 'files.write') return;
        if (path !== '/var/lib/kubelet/kubeadm-flags.env') return;
        stop();
        // The write itself is done, and nothing after it.
        void fleet.clock.sleep(0).then(() => worker.kill());
        void fleet.clock.sleep(1_000).then(worker.start);
      });
      worker.renumber(NEW_ADDRESS);
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      fleet.end();
      expect(internalIps(fleet).get(worker.hostname)).toBe(NEW_ADDRESS);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane: its member is told to the others, and it says that it has to come anew',
    async () => {
      const fleet = await wholeFleet();
      const moved = machineWith(fleet, 'control-plane');
      const [former = ''] = moved.node().addresses;
      moved.renumber(NEW_ADDRESS);
      await fleet.clock.advance(TWO_MINUTES_MS);
      expect(waitOf(moved, 'node-address')).toBe('address-changed');
      expect(peerUrls(fleet)).toContain(`https://${NEW_ADDRESS}:2380`);
      expect(peerUrls(fleet)).not.toContain(`https://${former}:2380`);
      expect(fleet.machines.map((machine) => waitOf(machine, 'etcd'))).toContain('etcd-silent');
      const events = logOf(fleet).list('event');
      const decided = events.filter(({ value }) => value.controller === 'etcd');
      expect(decided.map(({ value }) => value.action)).toEqual(['update-peer-url']);

      moved.renumber(former);
      await fleet.clock.advance(TWO_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane that starts over, and is a new one in place of the one it was',
    async () => {
      const fleet = await wholeFleet();
      const moved = machineWith(fleet, 'control-plane');
      moved.renumber(NEW_ADDRESS);
      await fleet.clock.advance(TWO_MINUTES_MS);
      moved.wipe();
      moved.boot();
      await fleet.clock.advance(TWO_MINUTES_MS);
      await untilWhole(fleet);
      await untilTidy(fleet);
      fleet.end();
      expect(internalIps(fleet).get(moved.hostname)).toBe(NEW_ADDRESS);
      expect(factsOf(fleet).members.map(({ learner }) => learner)).toEqual([false, false, false]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

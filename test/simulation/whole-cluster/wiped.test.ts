import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;
const BOOT_MS = 5_000;
/** It misses two beats, its kubelet shows within 13 s of the suspicion that it is gone, and the join takes 10 s. */
const MOST_MS = 30_000;

function machineWith(fleet: Fleet, role: string): Machine {
  const log = logOf(fleet);
  const found = fleet.machines.find((machine) => {
    return log.get('assignment', machine.node().nodeId)?.value.role === role;
  });
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}

/** In the order in which they were written. */
function verdictsOn({ recorder }: Fleet, nodeId: string): readonly string[] {
  const { entries } = recorder.trace();
  return entries.flatMap((entry) => {
    if (entry.type !== 'log.committed' || entry.kind !== 'liveness') return [];
    return entry.key === nodeId ? [(entry.value as { verdict: string }).verdict] : [];
  });
}

describe('a machine whose disk was emptied', () => {
  test.each(['worker', 'control-plane'])(
    'is let in again once its former self, a %s, is known to be dead and gone from Kubernetes',
    async (role) => {
      const fleet = startFleet({ nodes: 4, seed: 3, spec: { controlPlanes: 3 } });
      await untilWhole(fleet);
      await untilTidy(fleet);
      const machine = machineWith(fleet, role);
      const former = machine.node();
      machine.wipe();
      await fleet.clock.advance(BOOT_MS);
      machine.boot();
      const bootedMs = fleet.clock.nowMs();
      const serves = () =>
        logOf(fleet).get('status', machine.node().nodeId)?.value.phase === 'serving';
      await fleet.clock.runUntil(serves, TEN_MINUTES_MS);
      expect(fleet.clock.nowMs() - bootedMs).toBeLessThan(MOST_MS);
      await untilWhole(fleet, TEN_MINUTES_MS);
      await untilTidy(fleet);
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(verdictsOn(fleet, former.nodeId)).toEqual(['alive', 'suspect', 'dead']);
      fleet.end();
      const { nodeId, hostname, machineIdHash } = machine.node();
      expect({ hostname, machineIdHash }).toEqual({
        hostname: former.hostname,
        machineIdHash: former.machineIdHash,
      });
      expect(nodeId).not.toBe(former.nodeId);
      const { members, nodes } = factsOf(fleet);
      expect(members.filter(({ learner }) => !learner)).toHaveLength(3);
      expect(nodes.map(({ name, ready }) => ({ name, ready }))).toEqual(
        ['n1', 'n2', 'n3', 'n4'].map((name) => ({ name, ready: true })),
      );
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

test(
  'a machine with the name and machine id of one that lives waits, and both say so',
  async () => {
    const fleet = startFleet({ nodes: 3, seed: 3 });
    await untilWhole(fleet);
    const first = fleet.machine('n2');
    const { machineIdHash, nodeId } = first.node();
    const newcomer = fleet.addMachine({ machineIdHash });
    await fleet.clock.advance(120_000);
    const health = newcomer.agent()?.member.current()?.manager.health()['enrolment'];
    expect(health).toMatchObject({ state: 'waiting', wait: { reason: 'twin-node' } });
    const told = [first, newcomer].map((machine) => machine.agent()?.formation.view().alarms);
    expect(told).toEqual([
      [expect.stringContaining(`Node ${newcomer.node().nodeId} (n4)`)],
      [expect.stringContaining(`Node ${nodeId} (n2)`)],
    ]);
    expect(logOf(fleet).get('node', newcomer.node().nodeId)).toBeUndefined();
    fleet.end();
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

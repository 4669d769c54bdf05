import { expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
/** Everybody said hello to everybody. */
const FOUND_OUT_MS = 15_000;
const TEN_MINUTES_MS = 600_000;

/** Another machine with a copy of the state directory; what it is called and where it is, is its own. */
function copyOf(fleet: Fleet, original: Machine): Machine {
  const { nodeId, machineIdHash, sealKey } = original.node();
  const copy = fleet.addMachine({ nodeId, machineIdHash, sealKey });
  copy.kill();
  copy.directory().restore(original.directory().backup());
  copy.start();
  return copy;
}

const alarmsOf = (machine: Machine) => machine.agent()?.formation.view().alarms;

test.each(['control-plane', 'worker'])(
  'a copy of the disk of a living %s changes nothing, and both machines say so',
  async (role) => {
    const fleet = startFleet({ nodes: 4, seed: 3, spec: { controlPlanes: 3 } });
    await untilWhole(fleet);
    await untilTidy(fleet);
    const log = logOf(fleet);
    const original = fleet.machines.find(({ node }) => {
      return log.get('assignment', node().nodeId)?.value.role === role;
    });
    if (!original) throw new RangeError(`nobody is a ${role}`);
    const before = factsOf(fleet);
    const copy = copyOf(fleet, original);
    const written: string[] = [];
    fleet.onCall(({ hostname }, call, [path]) => {
      if (call === 'log.write' && hostname === copy.hostname) written.push(String(path));
    });
    await fleet.clock.advance(FOUND_OUT_MS);
    written.length = 0;
    await fleet.clock.advance(TEN_MINUTES_MS);
    const runsTwice = [expect.stringContaining(`Node ${original.node().nodeId} runs twice`)];
    for (const machine of [original, copy]) {
      expect(alarmsOf(machine)).toEqual(expect.arrayContaining(runsTwice));
    }
    expect(log.get('node', original.node().nodeId)?.value).toEqual(original.node());
    expect(written).toEqual([]);
    expect(fleet.leader()).not.toBe(copy);
    copy.kill();
    await untilTidy(fleet);
    fleet.end();
    const { members, nodes, unfinished } = factsOf(fleet);
    expect({ members, nodes, unfinished }).toEqual({
      members: before.members,
      nodes: before.nodes,
      unfinished: [],
    });
    expect(wholeFacts(fleet, fleet.machines.slice(0, 4)).members).toEqual(members);
  },
  TIMEOUT_MS,
);

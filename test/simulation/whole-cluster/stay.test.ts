import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { clusterOf, machinesWith } from '../../support/fleet-hands.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { logOf } from '../../support/fleet-log.ts';
import { tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function some(machines: readonly Machine[]): Machine {
  const [first] = machines;
  if (!first) throw new RangeError('there is no such machine');
  return first;
}

/** Four pods on two workers, of which so many may be away at a time. */
async function runPods(fleet: Fleet, maxAway: number): Promise<void> {
  const { hostname } = some(machinesWith(fleet, 'control-plane'));
  fleet.world.applyWorkload(hostname, WEB);
  fleet.world.applyBudget(hostname, {
    namespace: 'default',
    name: 'web',
    selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
    minAvailable: WEB.replicas - maxAway,
  });
  await fleet.clock.advance(ONE_MINUTE_MS);
}

/** What Kubernetes and etcd have of a machine. */
function placeOf(fleet: Fleet, { hostname }: Machine) {
  const { nodes, etcd } = clusterOf(fleet);
  const node = nodes.get(hostname);
  const member = etcd.members.find(({ name }) => name === hostname);
  return { uid: node?.uid, unschedulable: node?.unschedulable, memberId: member?.id };
}

const roleOf = (fleet: Fleet, machine: Machine) =>
  logOf(fleet).get('assignment', machine.node().nodeId)?.value.role;

/** Without the operations that were asked for and never begun. */
function seen(fleet: Fleet) {
  const pick = ({ members, nodes, balancers, routes, tokens }: ReturnType<typeof factsOf>) => {
    return { members, nodes, balancers, routes, tokens };
  };
  return { is: pick(factsOf(fleet)), should: pick(wholeFacts(fleet)) };
}

/** The code of the refusal, if it is one; asked again while the log does not answer. */
async function askToStay(fleet: Fleet, other: Machine, { hostname: node }: Machine) {
  for (;;) {
    const code = await tell(fleet, other, '/v1/stay', { node }).then(
      () => 'asked',
      (error: { readonly code: string }) => error.code,
    );
    if (code !== 'change.no-log') return code;
  }
}

describe('a node that people asked to leave, and then to stay', () => {
  test(
    'keeps Node and pods, takes pods again, and may be asked to leave once more',
    async () => {
      const fleet = await wholeFleet(5, 1);
      await runPods(fleet, 0);
      const [machine, other] = machinesWith(fleet, 'worker');
      if (!machine || !other) throw new RangeError('two workers are wanted');
      const before = placeOf(fleet, machine);
      await tell(fleet, machine, '/v1/leave');
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(logOf(fleet).get('departure', machine.node().nodeId)?.value.state).toBe('under-way');

      await tell(fleet, other, '/v1/stay', { node: machine.hostname });
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(placeOf(fleet, machine)).toEqual(before);
      expect(roleOf(fleet, machine)).toBe('worker');
      expect(logOf(fleet).get('departure', machine.node().nodeId)).toBeUndefined();
      expect(logOf(fleet).get('status', machine.node().nodeId)?.value).toMatchObject({
        phase: 'serving',
        waiting: null,
      });
      expect(seen(fleet).is).toEqual(seen(fleet).should);

      await tell(fleet, machine, '/v1/leave');
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(logOf(fleet).get('departure', machine.node().nodeId)?.value.state).toBe('under-way');
      fleet.end();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'stays although whoever sees it off died, and the leader too',
    async () => {
      const fleet = await wholeFleet(5, 2);
      await runPods(fleet, 0);
      const machine = some(machinesWith(fleet, 'worker'));
      const before = placeOf(fleet, machine);
      await tell(fleet, machine, '/v1/leave');
      await fleet.clock.advance(ONE_MINUTE_MS);
      const { sponsor } = logOf(fleet).get('assignment', machine.node().nodeId)?.value ?? {};
      const lost = fleet.machines.find((each) => each.node().nodeId === sponsor);
      if (lost) void killFor(fleet, lost, 2 * ONE_MINUTE_MS);
      await tell(fleet, machine, '/v1/stay');
      await fleet.clock.advance(2_000);
      const leader = fleet.leader();
      if (leader) void killFor(fleet, leader, ONE_MINUTE_MS);
      await fleet.clock.advance(4 * ONE_MINUTE_MS);
      await untilWhole(fleet);
      await fleet.clock.advance(ONE_MINUTE_MS);
      fleet.end();
      expect(placeOf(fleet, machine)).toEqual(before);
      expect(roleOf(fleet, machine)).toBe('worker');
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    { role: 'worker', afterMs: [0, 4_000, 8_000, 40_000] },
    { role: 'control-plane', afterMs: [0, 8_000, 12_000, 40_000] },
  ])(
    'stays as it was, or leaves and is told so, whenever that is: $role',
    async ({ role, afterMs }) => {
      const outcomes = new Set<string>();
      for (const [index, pauseMs] of afterMs.entries()) {
        const fleet = await wholeFleet(5, 10 + index);
        await runPods(fleet, 1);
        const machine = some(machinesWith(fleet, role));
        const other = some(machinesWith(fleet, 'control-plane').filter((each) => each !== machine));
        const before = placeOf(fleet, machine);
        await tell(fleet, machine, '/v1/leave');
        await fleet.clock.advance(pauseMs);
        const outcome = await askToStay(fleet, other, machine);
        await fleet.clock.advance(2 * ONE_MINUTE_MS);
        await untilWhole(fleet, 5 * ONE_MINUTE_MS);
        await fleet.clock.advance(2 * ONE_MINUTE_MS);
        fleet.end();
        const after = placeOf(fleet, machine);
        outcomes.add(`${outcome}, ${after.uid === before.uid ? 'stays' : 'left'}`);
        expect(after.uid === before.uid ? after : before).toEqual(before);
        expect(seen(fleet).is).toEqual(seen(fleet).should);
        expect(machinesWith(fleet, 'control-plane')).toHaveLength(3);
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
      expect([...outcomes].sort()).toEqual(['asked, stays', 'leave.past-return, left']);
    },
    TIMEOUT_MS,
  );
});

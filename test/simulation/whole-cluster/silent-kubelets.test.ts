import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { isWhole, untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { settle } from '../../../src/simulation/settle.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf, revisionsOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const TEN_MINUTES_MS = 600_000;
const { replacement } = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });
const ROLES = ['worker', 'control-plane'] as const;

/** Whoever is lost for ten seconds is replaced, and there are workers for that. */
function impatientFleet(seed: number): Fleet {
  const impatient = { ...replacement, graceSeconds: 10 };
  return startFleet({ nodes: 5, seed, spec: { controlPlanes: 3, replacement: impatient } });
}

async function wholeFleet(seed: number): Promise<Fleet> {
  const fleet = impatientFleet(seed);
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function machineWith(fleet: Fleet, role: (typeof ROLES)[number]): Machine {
  const found = fleet.machines.find((machine) => {
    const { nodeId } = machine.node();
    return logOf(fleet).get('assignment', nodeId)?.value.role === role && !machine.term();
  });
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}

/** A kubelet that does not run is to all others what one that hangs is. */
function setKubelet({ world }: Fleet, hostname: string, runs: boolean): void {
  const kubelet = world.state.hosts.get(hostname)?.runtime?.kubelet;
  if (!kubelet) throw new RangeError(`${hostname} has no power`);
  Object.assign(kubelet, { wanted: runs, ...(!runs && { running: false }) });
  world.state.changes += 1;
  settle(world.state);
}

/** As `kubectl delete node` does. */
function deleteNode({ world }: Fleet, hostname: string): void {
  for (const { nodes } of world.state.clusters.values()) nodes.delete(hostname);
  world.state.changes += 1;
  settle(world.state);
}

function nodeOf({ world }: Fleet, hostname: string) {
  const nodes = [...world.state.clusters.values()].map((each) => each.nodes.get(hostname));
  return nodes.find((node) => node !== undefined);
}

const verdictOf = (fleet: Fleet, machine: Machine) =>
  logOf(fleet).get('liveness', machine.node().nodeId)?.value.verdict;

async function expectWhole(fleet: Fleet): Promise<void> {
  await untilWhole(fleet);
  await untilTidy(fleet);
  fleet.end();
  expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
  expect(check(fleet.recorder.trace())).toEqual([]);
}

describe('a machine whose agent lives keeps its place', () => {
  test.each(ROLES)(
    'while its kubelet says nothing for ten minutes, and is missed: a %s',
    async (role) => {
      const fleet = await wholeFleet(1);
      const machine = machineWith(fleet, role);
      const asked = revisionsOf(fleet, ['assignment']);
      setKubelet(fleet, machine.hostname, false);
      await fleet.clock.advance(TEN_MINUTES_MS);
      expect(nodeOf(fleet, machine.hostname)?.ready).toBe(false);
      expect(isWhole(fleet, 5)).toBe(false);
      expect(verdictOf(fleet, machine)).toBe('alive');
      expect(revisionsOf(fleet, ['assignment'])).toEqual(asked);

      setKubelet(fleet, machine.hostname, true);
      await fleet.clock.advance(60_000);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'although somebody deleted its Node, which is there again once its kubelet was started anew for that',
    async () => {
      const fleet = await wholeFleet(2);
      const machine = machineWith(fleet, 'worker');
      const { hostname } = machine;
      const asked = revisionsOf(fleet, ['assignment']);
      deleteNode(fleet, hostname);
      expect(nodeOf(fleet, hostname)).toBe(undefined);
      await fleet.clock.advance(TEN_MINUTES_MS);
      expect(verdictOf(fleet, machine)).toBe('alive');
      expect(revisionsOf(fleet, ['assignment'])).toEqual(asked);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test.each([
    { role: 'a worker', phase: / kubelet-wait-bootstrap$/, on: 'worker' },
    { role: 'a control plane', phase: / control-plane-join\/mark-control-plane$/, on: undefined },
  ])(
    'when its join ended well and its Node is not Ready, and is missed until it is: $role',
    async ({ phase, on }) => {
      const fleet = impatientFleet(3);
      let silent = '';
      fleet.world.onChange(({ event, host, detail }) => {
        if (silent !== '' || event !== 'phase.finished' || !phase.test(detail)) return;
        const { nodeId } = fleet.machine(host).node();
        if (on && logOf(fleet).get('assignment', nodeId)?.value.role !== on) return;
        silent = host;
        void fleet.clock.sleep(1).then(() => setKubelet(fleet, host, false));
      });
      await fleet.clock.advance(TEN_MINUTES_MS);
      const { nodeId } = fleet.machine(silent).node();
      expect(nodeOf(fleet, silent)?.ready).toBe(false);
      expect(logOf(fleet).get('status', nodeId)?.value).toMatchObject({ phase: 'serving' });
      expect([isWhole(fleet, 5), verdictOf(fleet, fleet.machine(silent))]).toEqual([
        false,
        'alive',
      ]);

      setKubelet(fleet, silent, true);
      await fleet.clock.advance(60_000);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

test.each(ROLES)(
  'a machine whose kubelet lives is not replaced while its agent is gone for ten minutes: a %s',
  async (role) => {
    const fleet = await wholeFleet(4);
    const machine = machineWith(fleet, role);
    const asked = revisionsOf(fleet, ['assignment']);
    machine.kill();
    await fleet.clock.advance(TEN_MINUTES_MS);
    expect(verdictOf(fleet, machine)).toBe('suspect');
    expect(nodeOf(fleet, machine.hostname)?.ready).toBe(true);
    expect(revisionsOf(fleet, ['assignment'])).toEqual(asked);

    machine.start();
    await fleet.clock.advance(60_000);
    await expectWhole(fleet);
  },
  TIMEOUT_MS,
);

import { expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec } from '../../support/controllers-entries.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { leavingOf, tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const DRAIN_SECONDS = 60;
const POD_PATIENCE_MS = 30_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;

/** A cluster with pods on both of its workers. */
async function busyFleet(seed: number): Promise<Fleet> {
  const upgrade = { ...spec().upgrade, drainTimeoutSeconds: DRAIN_SECONDS };
  const fleet = startFleet({ nodes: 5, seed, spec: { controlPlanes: 3, upgrade } });
  await untilWhole(fleet);
  fleet.world.applyWorkload(withRole(fleet, 'control-plane').hostname, WEB);
  await untilTidy(fleet);
  // A controller manager that has just begun to lead takes its time to make the pods.
  await fleet.clock.advance(POD_PATIENCE_MS);
  return fleet;
}

function withRole(fleet: Fleet, role: string): Machine {
  const found = fleet.machines.find((machine) => {
    return logOf(fleet).get('assignment', machine.node().nodeId)?.value.role === role;
  });
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}

/** How many of the four pods have to be there at any time. */
function budget(fleet: Fleet, minAvailable: number): void {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const key = { namespace: 'default', name: 'web' };
  fleet.world.applyBudget(withRole(fleet, 'control-plane').hostname, {
    ...key,
    selector,
    minAvailable,
  });
}

const clusterOf = ({ world }: Fleet) => {
  const [cluster] = world.state.clusters.values();
  if (!cluster) throw new RangeError('there is no cluster yet');
  return cluster;
};

function podsOn(fleet: Fleet, { hostname }: Machine): number {
  const pods = [...clusterOf(fleet).pods.values()];
  return pods.filter(({ node, labels }) => node === hostname && labels['app'] === 'web').length;
}

test(
  'a node whose pods no budget lets go stays with its pods, says why, and leaves once one does',
  async () => {
    const fleet = await busyFleet(1);
    const machine = withRole(fleet, 'worker');
    budget(fleet, WEB.replicas);
    const pods = podsOn(fleet, machine);
    expect(pods).toBeGreaterThan(0);
    await tell(fleet, machine, '/v1/leave');
    await fleet.clock.advance(5 * DRAIN_SECONDS * 1_000);

    const { nodeId } = machine.node();
    expect(logOf(fleet).get('departure', nodeId)?.value).toMatchObject({
      state: 'under-way',
      waiting: {
        reason: 'drain-blocked',
        message: expect.stringContaining('PodDisruptionBudget default/web wants 4 of 4 pods'),
      },
    });
    expect(clusterOf(fleet).nodes.get(machine.hostname)).toMatchObject({ unschedulable: false });
    expect(podsOn(fleet, machine)).toBe(pods);
    const { waiting } = await leavingOf(fleet, machine);
    expect(waiting).toContain('PodDisruptionBudget default/web');

    budget(fleet, WEB.replicas - 1);
    await fleet.clock.advance(5 * DRAIN_SECONDS * 1_000);
    await untilTidy(fleet);
    fleet.end();
    expect(logOf(fleet).get('departure', nodeId)?.value.state).toBe('done');
    expect(factsOf(fleet).nodes).toEqual(wholeFacts(fleet).nodes);
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { DrainState } from '../../../src/state/drain-state.ts';
import { clusterOf, machinesWith } from '../../support/fleet-hands.ts';
import { logOf, machineOf } from '../../support/fleet-log.ts';
import { tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;

/** A cluster with pods on both of its workers, of which three have to be there. */
async function busyFleet(seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes: 5, seed, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  const [first] = machinesWith(fleet, 'control-plane');
  fleet.world.applyWorkload(first?.hostname ?? '', WEB);
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const budget = { namespace: 'default', name: 'web', selector, minAvailable: 3 };
  fleet.world.applyBudget(first?.hostname ?? '', budget);
  await untilTidy(fleet);
  await fleet.clock.advance(60_000);
  return fleet;
}

async function until(fleet: Fleet, machine: Machine, state: DrainState['state']): Promise<void> {
  const drain = () => logOf(fleet).get('drain', machine.node().nodeId)?.value;
  const endMs = fleet.clock.nowMs() + 300_000;
  while (drain()?.state !== state && fleet.clock.nowMs() < endMs) await fleet.clock.advance(500);
}

function sight(fleet: Fleet, { hostname }: Machine) {
  const { nodes, pods } = clusterOf(fleet);
  const web = [...pods.values()].filter(({ labels }) => labels['app'] === 'web');
  return {
    cordoned: nodes.get(hostname)?.unschedulable,
    here: web.filter(({ node }) => node === hostname).length,
    ready: web.filter(({ ready }) => ready).length,
  };
}

/** Who drains it, as the leader chose. */
function sponsorOf(fleet: Fleet, { node }: Machine): Machine {
  return machineOf(fleet, logOf(fleet).get('drain', node().nodeId)?.value.by ?? null);
}

function workerOf(fleet: Fleet): Machine {
  const [worker] = machinesWith(fleet, 'worker');
  if (!worker) throw new RangeError('nobody is a worker');
  return worker;
}

describe('a worker that people want drained', () => {
  test(
    'is empty as its budget allows, and takes pods again once they take that back',
    async () => {
      const fleet = await busyFleet(1);
      const worker = workerOf(fleet);
      const node = worker.hostname;
      expect(sight(fleet, worker)).toEqual({ cordoned: false, here: 2, ready: 4 });
      await tell(fleet, worker, '/v1/drain', { node });
      await until(fleet, worker, 'drained');
      await fleet.clock.advance(60_000);
      expect(sight(fleet, worker)).toEqual({ cordoned: true, here: 0, ready: 4 });
      await tell(fleet, worker, '/v1/uncordon', { node });
      await until(fleet, worker, 'released');
      expect(sight(fleet, worker)).toMatchObject({ cordoned: false });
      fleet.end();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'takes pods again although its sponsor is lost before they take that back',
    async () => {
      const fleet = await busyFleet(2);
      const worker = workerOf(fleet);
      const node = worker.hostname;
      await tell(fleet, worker, '/v1/drain', { node });
      await until(fleet, worker, 'drained');
      expect(sight(fleet, worker)).toMatchObject({ cordoned: true, here: 0 });
      sponsorOf(fleet, worker).powerOff();
      await fleet.clock.advance(20_000);
      await tell(fleet, worker, '/v1/uncordon', { node });
      await until(fleet, worker, 'released');
      expect(sight(fleet, worker)).toMatchObject({ cordoned: false });
      fleet.end();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

import { describe, expect, test } from '@jest/globals';
import type { Baseline } from '../../../src/controllers/drift/baseline.ts';
import { createDrift } from '../../../src/controllers/drift/controller.ts';
import type { Observed } from '../../../src/controllers/drift/observed.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import {
  fewestApiServers,
  fileOn,
  hostOf,
  machinesWith,
  repairsIn,
  writeByHand,
} from '../../support/fleet-hands.ts';
import { editSpec, patchedKubeadm, reconfigure } from '../../support/fleet-orders.ts';
import { untilTidy } from '../../support/fleet-wait.ts';
import { inPlaceOf } from '../mutants/rogue.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const API_SERVER = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

type Alter = (observed: Observed) => Observed;
const sound: Alter = (observed) => observed;

/** A whole cluster whose drift controllers see something else than there is. */
async function fleetWith(alter: Alter): Promise<Fleet> {
  const altered = inPlaceOf('drift', ({ formed }) => {
    const drift = createDrift(formed().clusterId);
    return register({ ...drift, decide: (observed) => drift.decide(alter(observed)) });
  });
  const fleet = startFleet({ nodes: 4, seed: 5, spec: { controlPlanes: 3 }, ...altered });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

async function fewest(alter: Alter): Promise<number> {
  const fleet = await fleetWith(alter);
  for (const machine of machinesWith(fleet, 'control-plane')) {
    const manifest = `${fileOn(fleet, machine, API_SERVER)}# by hand\n`;
    writeByHand(fleet, machine, API_SERVER, manifest);
    hostOf(fleet, machine).runtime?.podManifests.set('kube-apiserver', manifest);
  }
  const count = await fewestApiServers(fleet, 5);
  fleet.end();
  return count;
}

async function repairsOfAnHour(alter: Alter): Promise<number> {
  const fleet = await fleetWith(alter);
  const [machine] = machinesWith(fleet, 'worker');
  for (let second = 0; machine && second < 30 * 60; second += 10) {
    writeByHand(fleet, machine, KUBELET_CONFIG, 'by a tool');
    await fleet.clock.advance(10_000);
  }
  fleet.end();
  return repairsIn(fleet).length;
}

async function repairsInAReconfiguration(alter: Alter): Promise<number> {
  const fleet = await fleetWith(alter);
  const [machine] = machinesWith(fleet, 'control-plane');
  const patch = { kubeletConfiguration: { maxPods: 50 } };
  await editSpec(fleet, { kubeadm: patchedKubeadm(patch) });
  if (machine) await reconfigure(fleet, machine);
  await fleet.clock.advance(2 * ONE_MINUTE_MS);
  fleet.end();
  return repairsIn(fleet).length;
}

describe('what is put back', () => {
  test(
    'ends API servers two at a time where nobody asks whose turn it is',
    async () => {
      const anyTurn: Alter = (observed) =>
        observed.state === 'serving'
          ? { ...observed, turn: { ...observed.turn, why: undefined } }
          : observed;
      expect(await fewest(sound)).toBe(2);
      expect(await fewest(anyTurn)).toBeLessThan(2);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back for ever where nobody counts how often it was',
    async () => {
      const forgetful: Alter = (observed) => {
        if (observed.state !== 'serving') return observed;
        const items = observed.book.items.map((item) => ({ ...item, repairsWallMs: [] }));
        return { ...observed, book: { ...observed.book, items } };
      };
      expect(await repairsOfAnHour(sound)).toBe(3);
      expect(await repairsOfAnHour(forgetful)).toBeGreaterThan(50);
    },
    TIMEOUT_MS,
  );

  test(
    'is what an order changed where nobody sees that one was under way',
    async () => {
      const first = new Map<string, Baseline>();
      const blind: Alter = (observed) => {
        if (observed.state !== 'serving' || observed.baseline.of === null) return observed;
        const { nodeId, mark } = observed;
        const baseline = first.get(nodeId) ?? observed.baseline;
        first.set(nodeId, baseline);
        return { ...observed, baseline, mark: { ...mark, order: 'unknown' } };
      };
      expect(await repairsInAReconfiguration(sound)).toBe(0);
      expect(await repairsInAReconfiguration(blind)).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

import { describe, expect, test } from '@jest/globals';
import { clusterView } from '../../../src/engine/cluster-view.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { isDisruptive } from '../../../src/state/order.ts';
import { spec } from '../../support/controllers-entries.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import { fleetOf, untilAllAre } from '../../support/fleet-upgrades.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const [OLD, NEW] = ['v1.33.13', 'v1.34.4'] as const;
const MIRROR = 'https://mirror.test';
const replacement = { ...spec().replacement, graceSeconds: 10 };

/** Three control planes, a worker and a spare; no host has anything of the newer release. */
async function fleetWithSpare(seed: number): Promise<Fleet> {
  const binaries = { url: MIRROR, sha256: {} };
  const options = { spec: { size: 4, binaries, replacement } };
  const fleet = await fleetOf({ nodes: 5, seed, releases: [OLD], options });
  fleet.world.setMirror(MIRROR, { versions: [NEW] });
  return fleet;
}

function spareOf(fleet: Fleet): Machine {
  const [spare, ...others] = machinesWith(fleet, 'spare');
  if (!spare || others.length > 0) throw new RangeError('one spare is wanted');
  return spare;
}

function standByOf(fleet: Fleet, { hostname }: Machine) {
  const { nodes } = clusterView(logOf(fleet));
  const seen = nodes.find((node) => node.hostname === hostname);
  return { phase: seen?.phase, standBy: seen?.standBy, waiting: seen?.waiting?.reason };
}

/** Images that this host pulled, by the release that they were listed for. */
function pullsOn({ world }: Fleet, { hostname }: Machine): readonly string[] {
  const started = world.state.journal.filter(
    ({ host, event }) => host === hostname && event === 'operation.started',
  );
  return started.flatMap(({ detail }) => /warm-pull-(\d+-\d+-\d+)/.exec(detail)?.[1] ?? []);
}

describe('a spare', () => {
  test(
    'is warm for the release in force, for the next one after the rollout, and is the heir',
    async () => {
      const fleet = await fleetWithSpare(1);
      const spare = spareOf(fleet);
      expect(standByOf(fleet, spare)).toEqual({
        phase: 'spare',
        standBy: 'warm',
        waiting: undefined,
      });

      await editSpec(fleet, { kubernetesVersion: NEW });
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      expect(standByOf(fleet, spare)).toMatchObject({ standBy: 'warming', waiting: 'rollout' });
      expect(pullsOn(fleet, spare)).toEqual([]);
      await untilAllAre(fleet, NEW);
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(standByOf(fleet, spare).standBy).toBe('warm');
      expect(pullsOn(fleet, spare)).toEqual(['1-34-4']);

      const [lost] = machinesWith(fleet, 'control-plane');
      lost?.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 3 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      const log = logOf(fleet);
      fleet.end();
      expect(machinesWith(fleet, 'control-plane')).toContain(spare);
      expect(log.list('event').map(({ value }) => value.summary)).toContain(
        `${spare.hostname}, the best warm spare for it, becomes a control plane`,
      );
      expect(log.get('upkeep', spare.node().nodeId)?.value.standBy).toBeUndefined();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'says what it waits for while nobody has the programs, and is warm once somebody does',
    async () => {
      const fleet = await fleetWithSpare(2);
      const spare = spareOf(fleet);
      await editSpec(fleet, { kubernetesVersion: NEW });
      const begins = () =>
        logOf(fleet)
          .list('order')
          .some(({ value }) => isDisruptive(value));
      await fleet.clock.runUntil(begins, 10 * ONE_MINUTE_MS);
      fleet.world.setMirror(MIRROR, { versions: [], isDown: true });
      await untilAllAre(fleet, NEW);
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(standByOf(fleet, spare)).toMatchObject({ standBy: 'warming', waiting: 'release' });
      fleet.world.setMirror(MIRROR, { versions: [NEW] });
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      fleet.end();
      expect(standByOf(fleet, spare)).toMatchObject({ standBy: 'warm', waiting: undefined });
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

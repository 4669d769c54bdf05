import { expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec } from '../../support/controllers-entries.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const replacement = { ...spec().replacement, graceSeconds: 10 };

test(
  'a worker whose pods use local volumes says so once, and another one takes the place of a control plane',
  async () => {
    const fleet = startFleet({
      nodes: 5,
      seed: 1,
      spec: { controlPlanes: 3, replacement },
      facts: (number) => ({ nodeId: `${'abcde'[number - 1]}`.repeat(11) }),
      host: (number) => ({ localVolumes: number === 4 }),
    });
    const named = (role: 'control-plane' | 'worker') =>
      machinesWith(fleet, role).map(({ hostname }) => hostname);
    const told = () =>
      logOf(fleet)
        .list('node')
        .filter(({ value }) => value.localVolumes);
    const writesOfNodes = () =>
      fleet.recorder
        .trace()
        .entries.filter((entry) => entry.type === 'log.committed' && entry.kind === 'node').length;

    await untilWhole(fleet);
    await untilTidy(fleet);
    expect(named('worker')).toEqual(['n4', 'n5']);
    const [early, before] = [told().length, writesOfNodes()];
    await fleet.clock.advance(10 * ONE_MINUTE_MS);
    expect({ early, late: told().map(({ value }) => value.hostname) }).toEqual({
      early: 0,
      late: ['n4'],
    });
    expect(writesOfNodes() - before).toBe(1);

    fleet.machine('n1').powerOff();
    await fleet.clock.advance(ONE_MINUTE_MS);
    await untilWhole(fleet, 3 * ONE_MINUTE_MS);
    fleet.end();
    expect(named('control-plane')).toEqual(['n2', 'n3', 'n5']);
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

import { expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf, revisionsOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const TEN_MINUTES_MS = 600_000;
const { replacement } = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });

/** Two of the three machines with a replica of the log, both of them control planes. */
function twoHolders(fleet: Fleet): readonly [Machine, Machine] {
  const [first, second] = fleet.machines.filter((machine) => {
    const { role } = logOf(fleet).get('assignment', machine.node().nodeId)?.value ?? {};
    const replicas = fleet.logs.newest()?.replicasOn([machine.hostname]) ?? [];
    return role === 'control-plane' && replicas.length > 0;
  });
  if (!first || !second) throw new RangeError('the replicas are elsewhere');
  return [first, second];
}

test(
  'two control planes of five that hold two of the three replicas of the log take it along: nobody is replaced until one is back, and then the other is',
  async () => {
    const spec = { controlPlanes: 5, replacement: { ...replacement, graceSeconds: 10 } } as const;
    const fleet = startFleet({ nodes: 7, seed: 1, spec });
    await untilWhole(fleet);
    await untilTidy(fleet);
    const [first, second] = twoHolders(fleet);
    const asked = revisionsOf(fleet, ['assignment', 'spec']);
    first.powerOff();
    await fleet.clock.advance(10_000);
    second.powerOff();
    await fleet.clock.advance(TEN_MINUTES_MS);
    expect(fleet.leader()).toBeUndefined();
    expect(revisionsOf(fleet, ['assignment', 'spec'])).toEqual(asked);

    first.boot();
    await fleet.clock.advance(60_000);
    await untilWhole(fleet, TEN_MINUTES_MS);
    await untilTidy(fleet);
    fleet.end();
    const { members } = wholeFacts(
      fleet,
      fleet.machines.filter((machine) => machine !== second),
    );
    expect(members).toHaveLength(5);
    expect(factsOf(fleet).members).toEqual(members);
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
  TIMEOUT_MS,
);

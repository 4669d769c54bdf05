import { createNodeAddress } from '../../../src/controllers/node-address/controller.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { coveredEffects } from '../../../src/simulation/checker/safety/covered-effects.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

async function moveControlPlane(fleet: Fleet): Promise<void> {
  await untilWhole(fleet);
  for (const machine of machinesWith(fleet, 'control-plane')) machine.renumber('10.88.0.200');
  await fleet.clock.advance(ONE_MINUTE_MS);
}

/** What is done about hosts that have another address. */
export const moveMutants: readonly Mutant[] = [
  {
    rule: coveredEffects,
    name: 'a control plane follows its host before the log has that at its new address',
    options: { nodes: 3, seed: 2, spec: { controlPlanes: 1 } },
    altered: () =>
      inPlaceOf('node-address', ({ formed }) => {
        const nodeAddress = createNodeAddress(formed().clusterId);
        return register({
          ...nodeAddress,
          decide: (observed) => {
            const { controlPlane } = observed;
            const moved = controlPlane && { ...controlPlane, isEnrolled: true };
            return nodeAddress.decide({ ...observed, controlPlane: moved });
          },
        });
      }),
    script: moveControlPlane,
  },
];

import { createHandoverController } from '../../../src/controllers/handover/controller.ts';
import type { EtcdHealth } from '../../../src/ports/etcd.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { etcdQuorum } from '../../../src/simulation/checker/safety/etcd-quorum.ts';
import { leaderOf } from '../../../src/simulation/etcd-cluster.ts';
import { wellStatus } from '../../../src/simulation/exploration/control-plane/etcd-status.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const TEN_SECONDS_MS = 10_000;

/** As if every member of etcd were well. */
function blind(etcd: EtcdHealth | undefined): EtcdHealth | undefined {
  const members = etcd?.members.map((each) => ({ ...each, status: wellStatus(each.id, each.id) }));
  return members && { members, alarms: [] };
}

/** More control planes are wanted while a member of etcd does not hear the one that leads. */
async function growBesideIllMember(fleet: Fleet): Promise<void> {
  const { clock, world } = fleet;
  await untilWhole(fleet);
  const [cluster] = world.state.clusters.values();
  const leads = cluster && leaderOf(world.state, cluster)?.name;
  const planes = machinesWith(fleet, 'control-plane').map(({ hostname }) => hostname);
  const ill = planes.findLast((hostname) => hostname !== leads);
  if (leads === undefined || ill === undefined) throw new RangeError('nobody leads etcd');
  world.cut(leads, ill);
  await clock.advance(TEN_SECONDS_MS);
  await editSpec(fleet, { controlPlanes: 5 });
  await clock.advance(ONE_MINUTE_MS);
}

/** What is done about nodes that are to become control planes. */
export const growthMutants: readonly Mutant[] = [
  {
    rule: etcdQuorum,
    name: 'whoever joins as a control plane gets its keys whatever etcd tells',
    // etcd is asked for its new member where it hears all others, so that its own check sees nothing.
    options: { nodes: 5, seed: 12, spec: { controlPlanes: 3 } },
    altered: () =>
      inPlaceOf('handover', () => {
        const handover = createHandoverController();
        return register({
          ...handover,
          decide: (observed) => handover.decide({ ...observed, etcd: blind(observed.etcd) }),
        });
      }),
    script: growBesideIllMember,
  },
];

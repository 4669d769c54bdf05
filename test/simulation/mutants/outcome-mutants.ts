import { createKubeadmController } from '../../../src/controllers/kubeadm/controller.ts';
import { createMembership } from '../../../src/controllers/membership/controller.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { everythingEnds } from '../../../src/simulation/checker/liveness/everything-ends.ts';
import { noBusyLoop } from '../../../src/simulation/checker/liveness/no-busy-loop.ts';
import {
  replacementDecided,
  replacementJoins,
} from '../../../src/simulation/checker/liveness/replacement.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec } from '../../support/controllers-entries.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const TEN_SECONDS_MS = 10_000;
const HALF_A_MINUTE_MS = 30_000;
const replacement = { ...spec().replacement, graceSeconds: 5 };

/** What is begun has to come to an end, in its time. */
export const outcomeMutants: readonly Mutant[] = [
  {
    rule: replacementDecided,
    name: 'the grace of a dead control plane is longer than the spec says',
    options: { nodes: 4, spec: { controlPlanes: 3, replacement } },
    altered: () =>
      inPlaceOf('roles', ({ formed }) => {
        const roles = createRoles(formed);
        return register({
          ...roles,
          decide: (observed) => {
            const later = [...observed.deadForMs].map(([nodeId, deadForMs]) => {
              return [nodeId, Math.max(0, deadForMs - TEN_SECONDS_MS)] as const;
            });
            return roles.decide({ ...observed, deadForMs: new Map(later) });
          },
        });
      }),
    async script(fleet) {
      await untilWhole(fleet);
      const leader = fleet.leader();
      machinesWith(fleet, 'control-plane')
        .find((machine) => machine !== leader)
        ?.powerOff();
      await fleet.clock.advance(90_000);
    },
  },
  {
    rule: replacementJoins,
    name: 'a control plane that is to join waits for ever',
    altered: () => withoutJoins('join-control-plane'),
    script: ({ clock }) => clock.advance(5 * ONE_MINUTE_MS),
  },
  {
    rule: everythingEnds,
    name: 'a worker that is to join waits for ever',
    options: { nodes: 2, spec: { controlPlanes: 1 } },
    altered: () => withoutJoins('join-worker'),
    script: healed,
  },
  {
    rule: noBusyLoop,
    name: 'verdicts are written again though nothing changed',
    altered: () =>
      inPlaceOf('membership', () => {
        const membership = createMembership();
        return register({
          ...membership,
          decide(observed) {
            const { term, livenesses } = observed;
            if (term === undefined) return [];
            const again = livenesses.map(({ value: liveness, revision: ifRevision }) => {
              return { type: 'judge', term, liveness, ifRevision } as const;
            });
            return [...again, ...membership.decide(observed)];
          },
        });
      }),
    script: ({ clock }) => clock.advance(HALF_A_MINUTE_MS),
  },
];

/** A host that is given this task does nothing at all. */
function withoutJoins(task: string): ReturnType<typeof inPlaceOf> {
  return inPlaceOf('kubeadm', ({ formed }) => {
    const { clusterId } = formed();
    const kubeadm = createKubeadmController({ clusterId, epoch: () => formed().epoch });
    return register({
      ...kubeadm,
      decide: (observed) => (observed.assignment?.task === task ? [] : kubeadm.decide(observed)),
    });
  });
}

/** As the search ends its runs, with nothing wrong at all. */
async function healed(fleet: Fleet, isBroken: boolean): Promise<void> {
  fleet.recorder.note('*', { type: 'script.healed' });
  if (isBroken) await fleet.clock.advance(61 * ONE_MINUTE_MS);
  else await untilWhole(fleet);
}

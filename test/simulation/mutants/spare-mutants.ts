import { createHostUpkeep } from '../../../src/controllers/host-upkeep/controller.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import type { Observed } from '../../../src/controllers/roles/decide.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec } from '../../support/controllers-entries.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { type Mutant, ONE_MINUTE_MS, settle } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;
const replacement = { ...spec().replacement, graceSeconds: 5, promotion: 'rejoin' } as const;

/** As if nobody who lives was on the way out of Kubernetes. */
function withoutLeavers(observed: Observed): Observed {
  const leavers = observed.assignments.filter(({ value }) => value.task === 'retire');
  const living = new Set(
    observed.livenesses.filter(({ value }) => value.verdict === 'alive').map(({ key }) => key),
  );
  const hidden = new Set(leavers.map(({ key }) => key).filter((key) => living.has(key)));
  return { ...observed, nodes: observed.nodes.filter(({ key }) => !hidden.has(key)) };
}

/** What is done about nodes that have no role, or are to have another one. */
export const spareMutants: readonly Mutant[] = [
  {
    invariant: 'S3',
    name: 'a node that stands by asks for images before it says so',
    options: { nodes: 4, spec: { size: 3 } },
    altered: () =>
      inPlaceOf('host-upkeep', ({ formed }) => {
        const upkeep = createHostUpkeep({ epoch: () => formed().epoch });
        return register({
          ...upkeep,
          decide: (observed) => {
            const steps = upkeep.decide(observed);
            return steps.toSorted((a, b) => Number(isReport(a)) - Number(isReport(b)));
          },
        });
      }),
    script: settle,
  },
  {
    invariant: 'S6',
    name: 'workers are emptied all at once to join anew as control planes',
    options: { nodes: 5, spec: { controlPlanes: 3, replacement } },
    altered: () =>
      inPlaceOf('roles', ({ formed }) => {
        const roles = createRoles(formed);
        return register({
          ...roles,
          decide: (observed) => {
            const known = roles.decide(observed);
            if (known.some(({ type }) => type === 'assign')) return known;
            const blind = roles.decide(withoutLeavers(observed));
            return [...blind.filter(({ type }) => type === 'assign'), ...known];
          },
        });
      }),
    async script(fleet) {
      await untilWhole(fleet);
      const [lost, other] = machinesWith(fleet, 'control-plane');
      fleet.world.applyWorkload(other?.hostname ?? '', WEB);
      await fleet.clock.advance(ONE_MINUTE_MS);
      lost?.powerOff();
      await fleet.clock.advance(90_000);
    },
  },
];

function isReport({ type }: { readonly type: string }): boolean {
  return type === 'report';
}

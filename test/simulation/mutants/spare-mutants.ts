import { createHostUpkeep } from '../../../src/controllers/host-upkeep/controller.ts';
import { createKubeadmController } from '../../../src/controllers/kubeadm/controller.ts';
import type { Observed as Host } from '../../../src/controllers/kubeadm/observed.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import type { Observed } from '../../../src/controllers/roles/decide.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { askedFirst } from '../../../src/simulation/checker/safety/asked-first.ts';
import { budgets } from '../../../src/simulation/checker/safety/budgets.ts';
import { coveredEffects } from '../../../src/simulation/checker/safety/covered-effects.ts';
import { fewAtATime } from '../../../src/simulation/checker/safety/few-at-a-time.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec } from '../../support/controllers-entries.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { type Mutant, ONE_MINUTE_MS, settle } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;
const replacement = { ...spec().replacement, graceSeconds: 5, promotion: 'rejoin' } as const;
const onRequest = { ...spec().replacement, graceSeconds: 5, policy: 'approve' } as const;

/** As if nobody who lives was on the way out of Kubernetes. */
function withoutLeavers(observed: Observed): Observed {
  const leavers = observed.assignments.filter(({ value }) => value.task === 'retire');
  const living = new Set(
    observed.livenesses.filter(({ value }) => value.verdict === 'alive').map(({ key }) => key),
  );
  const hidden = new Set(leavers.map(({ key }) => key).filter((key) => living.has(key)));
  return { ...observed, nodes: observed.nodes.filter(({ key }) => !hidden.has(key)) };
}

/** As if the cluster had let go of a node as soon as it is to leave. */
function hasty(observed: Host): Host {
  const { roleChange } = observed;
  if (!roleChange) return observed;
  const departure = { ...roleChange.departure, isDone: true };
  return { ...observed, roleChange: { ...roleChange, departure } };
}

/** As if people had approved whatever is planned. */
function unasked(observed: Observed): Observed {
  const approvals = observed.plans.map(({ key: planId, revision }) => {
    const value = { planId, approvedWallMs: 0 };
    return { kind: 'approval', key: planId, value, revision } as const;
  });
  return { ...observed, approvals };
}

/** What is done about nodes that have no role, or are to have another one. */
export const spareMutants: readonly Mutant[] = [
  {
    rule: coveredEffects,
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
    rule: fewAtATime,
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
    script: (fleet) => loseControlPlane(fleet, () => undefined),
  },
  {
    rule: budgets,
    name: 'a worker that is to join anew is reset before it was drained',
    options: { nodes: 5, spec: { controlPlanes: 3, replacement } },
    altered: () =>
      inPlaceOf('kubeadm', ({ formed }) => {
        const kubeadm = createKubeadmController({
          clusterId: formed().clusterId,
          epoch: () => formed().epoch,
        });
        return register({ ...kubeadm, decide: (observed) => kubeadm.decide(hasty(observed)) });
      }),
    script: (fleet) => loseControlPlane(fleet, holdPods),
  },
  {
    rule: askedFirst,
    name: 'a plan is carried out as soon as it is made',
    options: { nodes: 5, spec: { controlPlanes: 3, replacement: onRequest } },
    altered: () =>
      inPlaceOf('roles', ({ formed }) => {
        const roles = createRoles(formed);
        return register({ ...roles, decide: (observed) => roles.decide(unasked(observed)) });
      }),
    script: (fleet) => loseControlPlane(fleet, () => undefined),
  },
];

/** `prepare`: what happens right before. */
async function loseControlPlane(fleet: Fleet, prepare: (fleet: Fleet) => void): Promise<void> {
  await untilWhole(fleet);
  const [lost, other] = machinesWith(fleet, 'control-plane');
  fleet.world.applyWorkload(other?.hostname ?? '', WEB);
  await fleet.clock.advance(ONE_MINUTE_MS);
  prepare(fleet);
  lost?.powerOff();
  await fleet.clock.advance(90_000);
}

/** None of them may be away, so that no drain moves any. */
function holdPods(fleet: Fleet): void {
  const [{ hostname } = { hostname: '' }] = machinesWith(fleet, 'control-plane');
  const selector = { matchLabels: { app: WEB.name }, matchExpressions: [] };
  const budget = { namespace: 'default', name: WEB.name, selector, minAvailable: WEB.replicas };
  fleet.world.applyBudget(hostname, budget);
}

function isReport({ type }: { readonly type: string }): boolean {
  return type === 'report';
}

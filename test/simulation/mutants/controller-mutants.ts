import { createCertificates } from '../../../src/controllers/certificates/controller.ts';
import { createEnrolment } from '../../../src/controllers/enrolment/controller.ts';
import { createHandoverController } from '../../../src/controllers/handover/controller.ts';
import { createKubeadmController } from '../../../src/controllers/kubeadm/controller.ts';
import { loadbalancer } from '../../../src/controllers/loadbalancer/controller.ts';
import { createMembership } from '../../../src/controllers/membership/controller.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import type { ControllerOptions } from '../../../src/engine/controllers.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { balancersFollow } from '../../../src/simulation/checker/liveness/balancers-follow.ts';
import { deathNoticed } from '../../../src/simulation/checker/liveness/death-noticed.ts';
import { committedRoles } from '../../../src/simulation/checker/safety/committed-roles.ts';
import { coveredEffects } from '../../../src/simulation/checker/safety/covered-effects.ts';
import { exactlyOnce } from '../../../src/simulation/checker/safety/exactly-once.ts';
import { identity } from '../../../src/simulation/checker/safety/identity.ts';
import { monotonicTime } from '../../../src/simulation/checker/safety/monotonic-time.ts';
import { oneInit } from '../../../src/simulation/checker/safety/one-init.ts';
import { shortCredentials } from '../../../src/simulation/checker/safety/short-credentials.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { type Mutant, ONE_MINUTE_MS, settle } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

/** The rule wants to have heard the other one for a minute. */
const HEARD_MS = 75_000;
const ONE_YEAR_MS = 31_557_600_000;
/** By then all of them have begun. */
const TWENTY_SECONDS_MS = 20_000;

export const controllerMutants: readonly Mutant[] = [
  {
    rule: oneInit,
    name: 'every node is asked for an init of its own',
    altered: () =>
      inPlaceOf('roles', ({ formed }) => {
        const roles = createRoles(formed);
        return register({
          ...roles,
          decide: (observed) => {
            const inits = roles.decide({ ...observed, assignments: [], operations: [] });
            const given = new Set(observed.assignments.map(({ key }) => key));
            return inits.flatMap((action) => {
              if (action.type !== 'assign') return [];
              return observed.nodes
                .filter(({ key }) => !given.has(key))
                .map(({ key: nodeId }) => {
                  const own = { nodeId, operationId: `init-${nodeId}` };
                  return { ...action, ifRevision: 0, assignment: { ...action.assignment, ...own } };
                });
            });
          },
        });
      }),
    script: ({ clock }) => clock.advance(TWENTY_SECONDS_MS),
  },
  {
    rule: coveredEffects,
    name: 'commands start before their entry is written',
    altered: () =>
      inPlaceOf('kubeadm', (options) => {
        const kubeadm = kubeadmOf(options);
        return register({
          ...kubeadm,
          decide: (observed) => {
            const actions = kubeadm.decide(observed);
            const isStart = ({ type }: { readonly type: string }) => type === 'start-command';
            const files = actions.filter(({ type }) => type === 'write-files');
            const starts = actions.filter(isStart);
            const rest = actions.filter((each) => !files.includes(each) && !starts.includes(each));
            return [...files, ...starts, ...rest];
          },
        });
      }),
  },
  {
    rule: committedRoles,
    name: 'control planes are written down as workers',
    altered: () =>
      inPlaceOf('roles', ({ formed }) => {
        const roles = createRoles(formed);
        return register({
          ...roles,
          async act(action, ports) {
            if (action.type !== 'assign') return roles.act(action, ports);
            const { assignment } = action;
            const isJoin = assignment.task === 'join-control-plane';
            const shown = isJoin ? { ...assignment, role: 'worker' as const } : assignment;
            await roles.act({ ...action, assignment: shown }, ports);
          },
        });
      }),
  },
  {
    rule: identity,
    name: 'nobody asks who has this machine id already',
    altered: () =>
      inPlaceOf('enrolment', () => {
        const enrolment = createEnrolment();
        return register({
          ...enrolment,
          decide: (observed) => {
            const [first] = observed.nodes.filter(({ key }) => key !== observed.record.nodeId);
            if (!first || observed.watchedMs < HEARD_MS) return enrolment.decide(observed);
            const { machineIdHash } = first.value;
            const own = observed.nodes.filter(({ key }) => key === observed.record.nodeId);
            return enrolment.decide({
              ...observed,
              record: { ...observed.record, machineIdHash },
              nodes: own,
            });
          },
        });
      }),
    script: settle,
  },
  {
    rule: identity,
    name: 'a newcomer takes everybody for dead whose name or machine it has',
    altered: () =>
      inPlaceOf('enrolment', () => {
        const enrolment = createEnrolment();
        return register({
          ...enrolment,
          decide: (observed) =>
            enrolment.decide({ ...observed, leases: [], watchedMs: Number.POSITIVE_INFINITY }),
        });
      }),
    async script(fleet) {
      await fleet.clock.advance(HEARD_MS);
      const { machineIdHash } = fleet.machine('n1').node();
      fleet.addMachine({ machineIdHash });
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: monotonicTime,
    name: 'the age of a lease is read off the wall clock',
    altered: () => inPlaceOf('membership', () => register(byWallClock(createMembership()))),
    async script(fleet) {
      await settle(fleet);
      const leader = fleet.leader();
      const host = leader?.hostname ?? '';
      fleet.recorder.note(host, { type: 'fault.begun', fault: 'wall-clock-jumps', detail: host });
      leader?.jumpWall(ONE_YEAR_MS);
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: monotonicTime,
    name: 'certificates are judged by one clock alone',
    altered: () =>
      inPlaceOf('certificates', ({ formed }) => {
        const certificates = createCertificates({ epoch: () => formed().epoch });
        return register({
          ...certificates,
          decide: (observed) => certificates.decide({ ...observed, clockTrouble: undefined }),
        });
      }),
    async script(fleet) {
      await settle(fleet);
      const { hostname } = controlPlaneOf(fleet);
      fleet.recorder.note(hostname, {
        type: 'fault.begun',
        fault: 'wall-clock-jumps',
        detail: hostname,
      });
      fleet.machine(hostname).jumpWall(ONE_YEAR_MS);
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: shortCredentials,
    name: 'tokens are never deleted',
    altered: () =>
      inPlaceOf('handover', () => {
        const handover = createHandoverController();
        const keeps = ({ type }: { readonly type: string }) => type !== 'delete-token';
        return register({
          ...handover,
          decide: (observed) => handover.decide(observed).filter(keeps),
        });
      }),
    script: settle,
  },
  {
    rule: exactlyOnce,
    name: 'a command that vanished is started once more',
    altered: () =>
      inPlaceOf('kubeadm', (options) => {
        const kubeadm = kubeadmOf(options);
        return register({
          ...kubeadm,
          decide: (observed): ReturnType<typeof kubeadm.decide> => {
            const { operation, command, assignment } = observed;
            const wasRunning = operation?.value.snapshot.value === 'running';
            if (!assignment || !wasRunning || command.phase !== 'absent') {
              return kubeadm.decide(observed);
            }
            const { operationId } = assignment;
            const name = `kubeadm-1-${operationId}`;
            const argv = [
              'kubeadm',
              'join',
              '--config',
              '/etc/kubernetes/civitas-kubeadm.yaml',
            ] as const;
            return [{ type: 'start-command', name, argv }];
          },
        });
      }),
    script: powerCutWhileJoining,
  },
  {
    rule: deathNoticed,
    name: 'nobody is ever found silent',
    altered: () =>
      inPlaceOf('membership', () => {
        const membership = createMembership();
        return register({
          ...membership,
          decide: (observed) =>
            membership
              .decide(observed)
              .filter((action) => action.type === 'requeue' || action.liveness.verdict === 'alive'),
        });
      }),
    async script(fleet) {
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      const leader = fleet.leader()?.hostname;
      fleet.machines.find(({ hostname }) => hostname !== leader)?.kill();
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
    },
  },
  {
    rule: deathNoticed,
    name: 'whoever is missed for a moment is dead',
    altered: () =>
      inPlaceOf('membership', () => {
        const membership = createMembership();
        return register({
          ...membership,
          decide: (observed) =>
            membership.decide(observed).map((action) => {
              if (action.type === 'requeue' || action.liveness.verdict !== 'suspect') return action;
              return { ...action, liveness: { ...action.liveness, verdict: 'dead' } };
            }),
        });
      }),
    async script({ clock, network }) {
      await clock.advance(3 * ONE_MINUTE_MS);
      network.quality.loss = 0.7;
      await clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: balancersFollow,
    name: 'load balancers are looked at only now and then',
    options: { startWithinMs: 20_000 },
    altered: () => inPlaceOf('loadbalancer', () => register({ ...loadbalancer, inputs: [] })),
  },
];

function byWallClock(membership: ReturnType<typeof createMembership>) {
  let aheadMs: number | undefined;
  const wall: typeof membership = {
    ...membership,
    async observe(ports) {
      const observed = await membership.observe(ports);
      const offsetMs = ports.clock.wallMs() - ports.clock.nowMs();
      aheadMs ??= offsetMs;
      const jumpedMs = offsetMs - aheadMs;
      const leases = observed.leases.map((lease) => ({ ...lease, ageMs: lease.ageMs + jumpedMs }));
      return { ...observed, leases };
    },
  };
  return wall;
}

function kubeadmOf({ formed }: ControllerOptions) {
  return createKubeadmController({
    clusterId: formed().clusterId,
    epoch: () => formed().epoch,
  });
}

/** The first join loses its power in the middle. */
async function powerCutWhileJoining({ clock, world, machine }: Fleet): Promise<void> {
  let joining: string | undefined;
  const forget = world.onChange(({ event, host, detail }) => {
    if (event !== 'phase.started' || !detail.includes('kubelet-start')) return;
    if (!detail.includes('join')) return;
    forget();
    joining = host;
  });
  await clock.runUntil(() => joining !== undefined, 2 * ONE_MINUTE_MS);
  machine(joining ?? '').powerOff();
  await clock.advance(5_000);
  machine(joining ?? '').boot();
  await clock.advance(ONE_MINUTE_MS);
}

/** One that serves, and does not lead: that its clock jumps deposes nobody. */
function controlPlaneOf(fleet: Fleet): Machine {
  const leader = fleet.leader();
  const found = fleet.machines.find((machine) => {
    const status = fleet.store()?.get('status', machine.node().nodeId)?.value;
    return machine !== leader && status?.role === 'control-plane' && status.phase === 'serving';
  });
  if (!found) throw new Error('there is no second control plane');
  return found;
}

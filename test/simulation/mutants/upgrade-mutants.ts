import { createDrain } from '../../../src/controllers/drain/controller.ts';
import { createHostUpkeep } from '../../../src/controllers/host-upkeep/controller.ts';
import { createUpkeep } from '../../../src/controllers/upkeep/controller.ts';
import { controllersOf } from '../../../src/engine/controllers.ts';
import type { Ports } from '../../../src/ports/index.ts';
import { type RegisteredController, register } from '../../../src/runtime/registered-controller.ts';
import { cordonsEnd } from '../../../src/simulation/checker/liveness/cordons-end.ts';
import { coveredEffects } from '../../../src/simulation/checker/safety/covered-effects.ts';
import { fewAtATime } from '../../../src/simulation/checker/safety/few-at-a-time.ts';
import { lastMaster } from '../../../src/simulation/checker/safety/last-master.ts';
import { orderFencing } from '../../../src/simulation/checker/safety/order-fencing.ts';
import { ordersOnce } from '../../../src/simulation/checker/safety/orders-once.ts';
import { versionOrder } from '../../../src/simulation/checker/safety/version-order.ts';
import type { Fleet, FleetOptions } from '../../../src/simulation/fleet/fleet.ts';
import { askForRelease } from '../../../src/simulation/search/release-edit.ts';
import type { Order } from '../../../src/state/order.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { alongside, everybodyServes, inPlaceOf, isHost } from './rogue.ts';
import { withoutLeader } from './without-leader.ts';

const FOUNDED_WITH = 'v1.34.4';
const PATCH = 'v1.34.5';
const MINOR = 'v1.35.1';
const ASKED_AT_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const COMMAND_SECONDS = 1_800;

const options: Partial<FleetOptions> = {
  host: () => ({ kubernetesVersions: [FOUNDED_WITH, PATCH, MINOR] }),
};

/** Orders, and what hosts do for them, done wrong. */
export const upgradeMutants: readonly Mutant[] = [
  {
    rule: coveredEffects,
    name: 'a Node is cordoned as somebody likes',
    altered: () =>
      alongside({
        isDue: (ports) => everybodyServes(ports, 3) && isHost('n2', ports),
        act: ({ kube, self }) => kube.setUnschedulable(self.record.hostname, true),
      }),
  },
  {
    rule: fewAtATime,
    name: 'whoever upgrades one control plane upgrades all',
    options,
    altered: () => inPlaceOf('upkeep', () => greedy(createUpkeep())),
    script: (fleet) => upgrade(fleet, ONE_MINUTE_MS),
  },
  {
    rule: versionOrder,
    name: 'a kubelet goes ahead of the API servers',
    options,
    altered: () =>
      alongside({
        isDue: (ports) => everybodyServes(ports, 3) && isHost('n2', ports),
        async act({ host }) {
          await host.linkKubernetes(MINOR);
          await host.restartKubelet();
        },
      }),
    script: ({ clock }) => clock.advance(2 * ONE_MINUTE_MS),
  },
  {
    rule: orderFencing,
    name: 'orders are given in the first term, and hosts do not ask who leads',
    options,
    altered: () => ({
      controllers: (given) =>
        controllersOf(given).map((each) => {
          if (each.name === 'upkeep') return inFirstTerm(createUpkeep());
          return each.name === 'host-upkeep' ? leaderless(createHostUpkeep()) : each;
        }),
    }),
    script: (fleet) => upgrade(fleet, TEN_SECONDS_MS),
  },
  {
    rule: ordersOnce,
    name: 'a host goes on with an order that it told to be done',
    options,
    altered: () => alongside({ isDue: isPrepared, act: prepareAgain }),
    script: (fleet) => upgrade(fleet, ONE_MINUTE_MS),
  },
  {
    rule: lastMaster,
    name: 'a control plane is stopped although no other one is there',
    altered: () =>
      alongside({
        isDue: (ports) => isHost('n1', ports) && ports.clock.nowMs() > 3 * ONE_MINUTE_MS,
        act: ({ host }) => host.stopStaticPods(),
      }),
    async script({ clock, machine }) {
      await clock.advance(3 * ONE_MINUTE_MS - TEN_SECONDS_MS);
      for (const other of ['n2', 'n3']) machine(other).powerOff();
      await clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: cordonsEnd,
    name: 'nobody uncordons what was drained',
    options,
    altered: () => inPlaceOf('drain', () => forgetful(createDrain())),
    script: (fleet) => upgrade(fleet, 6 * ONE_MINUTE_MS),
  },
];

/** Somebody asks for it once the cluster is whole. */
async function upgrade(fleet: Fleet, lastsMs: number): Promise<void> {
  await fleet.clock.drive(askForRelease(fleet, PATCH, ASKED_AT_MS), 2 * ASKED_AT_MS);
  await fleet.clock.advance(lastsMs);
}

function greedy(upkeep: ReturnType<typeof createUpkeep>): RegisteredController {
  return register({
    ...upkeep,
    async act(action, ports) {
      await upkeep.act(action, ports);
      if (action.type !== 'order' || action.order.task !== 'upgrade-control-plane') return;
      for (const { key, value } of ports.store.list('assignment')) {
        if (value.role === 'control-plane') await giveToo(action.order, key, ports);
      }
    },
  });
}

async function giveToo(order: Order, nodeId: string, { store }: Ports): Promise<void> {
  if (store.get('order', nodeId) !== undefined) return;
  const own = { nodeId, operationId: `${order.task}-${nodeId}-99`, first: false };
  await store.put('order', nodeId, { ...order, ...own }, 0);
}

function inFirstTerm(upkeep: ReturnType<typeof createUpkeep>): RegisteredController {
  return register({
    ...upkeep,
    async act(action, ports) {
      if (action.type !== 'order') return upkeep.act(action, ports);
      const { order, ifRevision } = action;
      await ports.store.put('order', order.nodeId, { ...order, term: 1 }, ifRevision);
    },
  });
}

function leaderless(hostUpkeep: ReturnType<typeof createHostUpkeep>): RegisteredController {
  return register({
    ...hostUpkeep,
    observe: (ports) => hostUpkeep.observe({ ...ports, store: withoutLeader(ports.store) }),
  });
}

function isPrepared({ self, store }: Ports): boolean {
  const work = store.get('upkeep', self.nodeId)?.value.work;
  return work?.task === 'prepare' && work.state === 'done';
}

async function prepareAgain({ operations, self, store }: Ports): Promise<void> {
  const { operationId = '' } = store.get('upkeep', self.nodeId)?.value.work ?? {};
  await operations.start(`pull-${operationId}`, ['kubeadm', 'config'], COMMAND_SECONDS);
}

function forgetful(drain: ReturnType<typeof createDrain>): RegisteredController {
  return register({
    ...drain,
    decide: (observed) => drain.decide(observed).filter(({ type }) => type !== 'uncordon'),
  });
}

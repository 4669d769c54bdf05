import { createHostUpkeep } from '../../src/controllers/host-upkeep/controller.ts';
import type { DrainState } from '../../src/state/drain-state.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { Order, OrderTask } from '../../src/state/order.ts';
import type { OrderReport } from '../../src/state/order-report.ts';
import { balance, buildCluster } from '../contracts/cluster-by-hand.ts';
import { createMemoryDurable } from '../formation/memory-durable.ts';
import { type SimulatedBench, simulatedBench } from '../simulation/simulated-bench.ts';
import { type Agent, type AgentOptions, controllerAgent } from './controller-agent.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  node,
  served,
  spec,
} from './controllers-entries.ts';
import { createWorld } from './controllers-ports.ts';
import type { FakeStore } from './controllers-store.ts';

export const OLD = 'v1.33.13';
export const NEW = 'v1.34.4';

type HostUpkeep = ReturnType<typeof createHostUpkeep>;

export interface UpkeepAgentOptions extends AgentOptions {
  /** A broken one in place of the controller. */
  readonly replace?: (controller: HostUpkeep) => HostUpkeep;
}

/** A real cluster of the older release on simulated hosts, and what a log says of it. */
export interface UpkeepBench {
  readonly bench: SimulatedBench;
  readonly store: FakeStore;
  /** The leader asks; the operation is that of the task's first order, unless told otherwise. */
  order(number: number, task: OrderTask, overrides?: Partial<Order>): Promise<void>;
  withdraw(number: number): Promise<void>;
  /** What the sponsor says of the drain for the present order. */
  drain(number: number, state: DrainState['state']): Promise<void>;
  /** The agent of a host, just started; its disk is that of the agents before it. */
  agent(number: number, options?: UpkeepAgentOptions): Agent;
}

export async function upkeepBench(
  hosts: number,
  controlPlanes: number,
  seed = 1,
): Promise<UpkeepBench> {
  const bench = simulatedBench({ hosts, seed });
  await bench.drive(buildCluster({ ...bench, kubernetesVersion: OLD }, controlPlanes));
  await bench.drive(balance(bench.hosts, bench.hosts.slice(0, controlPlanes)));
  await bench.clock.advance(30_000);
  const { store } = createWorld();
  await store.set('spec', SINGLETON, spec({ kubernetesVersion: NEW }));
  for (const [index] of bench.hosts.entries()) {
    await enrol(store, index + 1, index < controlPlanes);
  }
  const disks = bench.hosts.map(() => createMemoryDurable());
  return {
    bench,
    store,
    async order(number, task, overrides = {}) {
      await store.set('order', id(number), orderOf(number, task, overrides));
    },
    withdraw: (number) => store.remove('order', id(number)),
    async drain(number, state) {
      const { operationId = '' } = store.get('order', id(number))?.value ?? {};
      await store.set('drain', id(number), {
        nodeId: id(number),
        incarnation: 1,
        operationId,
        by: id(1),
        state,
        podsLeft: 0,
        waiting: null,
      });
    },
    agent(number, { replace = unchanged, alter, dies } = {}) {
      const durable = disks[number - 1] ?? createMemoryDurable();
      return controllerAgent(bench, store, {
        number,
        controller: replace(createHostUpkeep()),
        alter: (ports) => ({ durable, ...alter?.(ports) }),
        ...(dies && { dies }),
      });
    },
  };
}

export function orderOf(number: number, task: OrderTask, overrides: Partial<Order> = {}): Order {
  return {
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    operationId: `${task}-${id(number)}-1`,
    task,
    planId: 'upgrade-v1-34-4-1',
    kubernetesVersion: NEW,
    first: false,
    drains: false,
    sponsor: id(1),
    ...overrides,
  };
}

export function workOn({ store }: UpkeepBench, number: number): OrderReport | undefined {
  return store.get('upkeep', id(number))?.value.work ?? undefined;
}

/** Whether the present order came to its end, as its node says. */
export function isOver(upkeep: UpkeepBench, number: number): boolean {
  const work = workOn(upkeep, number);
  const order = upkeep.store.get('order', id(number))?.value;
  return work?.operationId === order?.operationId && work?.state !== 'under-way';
}

export function partsOf({ store }: UpkeepBench, number: number) {
  return store.get('upkeep', id(number))?.value.parts;
}

async function enrol(store: FakeStore, number: number, isControlPlane: boolean): Promise<void> {
  const asked = isControlPlane ? controlPlaneAssignment(number) : assignment(number);
  await store.set('node', id(number), node(number, { addresses: [`10.88.0.${number}`] }));
  await store.set('assignment', id(number), { ...asked, kubernetesVersion: OLD });
  await store.set('status', id(number), served(asked));
}

function unchanged(controller: HostUpkeep): HostUpkeep {
  return controller;
}

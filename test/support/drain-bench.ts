import { createDrain } from '../../src/controllers/drain/controller.ts';
import type { DrainState } from '../../src/state/drain-state.ts';
import type { Order } from '../../src/state/order.ts';
import type { OrderReport } from '../../src/state/order-report.ts';
import { type Agent, type AgentOptions, controllerAgent } from './controller-agent.ts';
import { id } from './controllers-entries.ts';
import { type DepartureBench, departureBench } from './departure-bench.ts';
import { order, upkeep, work } from './rollout-entries.ts';

/** A real cluster on simulated hosts, and orders to give pods away. */
export interface DrainBench extends Omit<DepartureBench, 'agent' | 'ask' | 'withdraw'> {
  /** Orders the upgrade of a kubelet, unless told otherwise. */
  order(number: number, change?: Partial<Order>): Promise<void>;
  removeOrder(number: number): Promise<void>;
  /** What the node says of its order. */
  report(number: number, state: OrderReport['state']): Promise<void>;
  drainOf(number: number): DrainState | undefined;
  /** The agent of a control plane, just started. */
  agent(number: number, options?: AgentOptions): Agent;
}

/** Of the kubelet that is ordered. */
export const TARGET = 'v1.35.1';

/** A fleet of `hosts` machines, the first `controlPlanes` of them control planes; all serve. */
export async function drainBench(
  hosts: number,
  controlPlanes: number,
  drainTimeoutSeconds = 600,
): Promise<DrainBench> {
  const whole = await departureBench(hosts, controlPlanes, drainTimeoutSeconds);
  const { bench, store, cluster, judge, pass } = whole;
  return {
    bench,
    store,
    cluster,
    judge,
    pass,
    order: async (number, change) =>
      void (await store.set('order', id(number), order(number, change))),
    removeOrder: (number) => store.remove('order', id(number)),
    report: async (number, state) => {
      const { operationId, task } = store.get('order', id(number))?.value ?? order(number);
      const said = upkeep(number, {}, work(number, { operationId, task, state }));
      await store.set('upkeep', id(number), said);
    },
    drainOf: (number) => store.get('drain', id(number))?.value,
    agent: (number, options = {}) =>
      controllerAgent(bench, store, { number, controller: createDrain(), ...options }),
  };
}

import { type ControllerOptions, controllersOf } from '../../../src/engine/controllers.ts';
import type { Ports } from '../../../src/ports/index.ts';
import type { Controller } from '../../../src/runtime/controller.ts';
import { type RegisteredController, register } from '../../../src/runtime/registered-controller.ts';
import type { Alterations } from './mutant.ts';

type Controllers = Required<Alterations>['controllers'];

interface Mischief {
  /** Whether now is the time. */
  isDue(ports: Ports): boolean | Promise<boolean>;
  /** Done once on each host. */
  act(ports: Ports): Promise<void>;
}

/** All controllers, and one more that does what no controller may. */
export function alongside({ isDue, act }: Mischief): Alterations {
  const done = new Set<string>();
  const rogue: Controller<boolean, { readonly type: 'mischief' }> = {
    name: 'rogue',
    scope: 'node',
    inputs: ['status', 'liveness'],
    outputs: [],
    observe: async (ports) => !done.has(ports.self.nodeId) && (await isDue(ports)),
    decide: (due) => (due ? [{ type: 'mischief' }] : []),
    async act(_action, ports) {
      done.add(ports.self.nodeId);
      await act(ports);
    },
  };
  return { controllers: (options) => [...controllersOf(options), register(rogue)] };
}

/** All controllers, but another one of the same name in the place of one. */
export function inPlaceOf(
  name: string,
  make: (options: ControllerOptions) => RegisteredController,
): Alterations {
  const controllers: Controllers = (options) =>
    controllersOf(options).map((each) => (each.name === name ? make(options) : each));
  return { controllers };
}

export function isHost(hostname: string, { self }: Ports): boolean {
  return self.record.hostname === hostname;
}

/** Whether this host is a control plane that serves. */
export function servesAsControlPlane({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  return status?.phase === 'serving' && status.role === 'control-plane';
}

export function everybodyServes({ store }: Ports, count: number): boolean {
  const serving = store.list('status').filter(({ value }) => value.phase === 'serving');
  return serving.length === count;
}

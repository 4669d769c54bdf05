import { CivitasError, RetryableError } from '../../src/errors.ts';
import type { HostPorts, Ports } from '../../src/ports/index.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { reconcile } from '../../src/runtime/reconcile.ts';
import type { SimulatedBench } from '../simulation/simulated-bench.ts';
import { id, node } from './controllers-entries.ts';
import { createWorld, portsIn } from './controllers-ports.ts';
import type { FakeStore } from './controllers-store.ts';

const PASS_EVERY_MS = 1_000;

export interface AgentOptions {
  readonly alter?: (ports: HostPorts) => Partial<Ports>;
  /** Dies after that many actions, or right before that many were done. */
  readonly dies?: { readonly when: 'after' | 'before'; readonly action: number };
}

export interface Agent {
  /** Passes, a second apart, until `isOver`; the codes of the errors that ended some of them. */
  work(isOver: () => boolean, limitMs: number): Promise<readonly string[]>;
  /** Types of the actions that it carried out. */
  readonly acted: readonly string[];
  isDead(): boolean;
}

/** The agent of a simulated host, just started, with one controller alone. */
export function controllerAgent<Observed, Action extends { readonly type: string }>(
  bench: SimulatedBench,
  store: FakeStore,
  {
    number,
    controller,
    alter,
    dies,
  }: AgentOptions & {
    readonly number: number;
    readonly controller: Controller<Observed, Action>;
  },
): Agent {
  const host = bench.host(number - 1).ports;
  const record = node(number, { addresses: [`10.88.0.${number}`] });
  const ports: Ports = {
    ...portsIn(createWorld(), host),
    clock: bench.clock,
    self: { nodeId: id(number), incarnation: 1, record },
    store,
    ...alter?.(host),
  };
  const acted: string[] = [];
  let dead = false;

  function die(): never {
    dead = true;
    throw new RetryableError('test.killed', 'the agent was killed');
  }

  const mortal: typeof controller = {
    ...controller,
    async act(action, given) {
      if (dies?.when === 'before' && acted.length + 1 === dies.action) die();
      await controller.act(action, given);
      acted.push(action.type);
      if (dies?.when === 'after' && acted.length === dies.action) die();
    },
  };

  async function onePass(errors: string[]): Promise<void> {
    try {
      await bench.drive(reconcile(mortal, ports));
    } catch (error) {
      if (!(error instanceof CivitasError)) throw error;
      errors.push(error.code);
    }
  }

  return {
    acted,
    isDead: () => dead,
    async work(isOver, limitMs) {
      const errors: string[] = [];
      const endMs = bench.clock.nowMs() + limitMs;
      while (!isOver() && !dead && bench.clock.nowMs() < endMs) {
        await onePass(errors);
        await bench.clock.advance(PASS_EVERY_MS);
      }
      return errors;
    },
  };
}

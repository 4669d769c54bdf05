import type { Clock } from '../../src/ports/clock.ts';

const NEVER = new Promise<never>(() => undefined);

/** One life of an agent's process, from its start to its SIGKILL. */
export interface Life {
  isOver(): boolean;
  /** Nothing of this life happens any more: calls under way never return, new ones have no effect. */
  end(): void;
  /** Carries out one asynchronous call of the agent, as far as it lives to see it. */
  call<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** `witness` hears of each call right before it takes effect, and may end the life there. */
export function createLife(witness: (call: string) => void = () => undefined): Life {
  let over = false;
  return {
    isOver: () => over,
    end() {
      over = true;
    },
    async call(name, work) {
      if (over) return NEVER;
      witness(name);
      if (over) return NEVER;
      // Both ways out are gated: an error that arrives after the end is not handled either.
      const outcome = await Promise.allSettled([work()]);
      if (over) return NEVER;
      const [settled] = outcome;
      if (settled.status === 'rejected') throw settled.reason;
      return settled.value;
    },
  };
}

/** The same port for one life. `names` are its asynchronous methods; without them, all are. */
export function mortal<T extends object>(
  life: Life,
  port: T,
  kind: string,
  names?: readonly (keyof T)[],
): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (names && !names.some((each) => each === name)) return member;
      return (...args: readonly unknown[]) =>
        life.call(`${kind}.${String(name)} ${args[0]}`, async () => member.apply(target, args));
    },
  });
}

/** The clock of one life: whoever sleeps when it ends sleeps for ever. */
export function mortalClock(life: Life, clock: Clock): Clock {
  return {
    nowMs: clock.nowMs,
    wallMs: clock.wallMs,
    async sleep(delayMs, signal) {
      if (!life.isOver()) await clock.sleep(delayMs, signal);
      if (life.isOver()) await NEVER;
    },
  };
}

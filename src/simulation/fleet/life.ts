import type { Clock } from '../../ports/clock.ts';

const NEVER = new Promise<never>(() => undefined);

/** Hears of each call of a port right before it takes effect, and may end or pause the life there. */
export type CallWitness = (call: string, args: readonly unknown[]) => void;

/** One life of an agent's process, from its start to its SIGKILL. */
export interface Life {
  readonly number: number;
  isOver(): boolean;
  /** Nothing of this life happens any more: calls under way never return, new ones have no effect. */
  end(): void;
  /** SIGSTOP: time goes on, and the process does not see it until it is resumed. */
  pause(): void;
  resume(): void;
  isPaused(): boolean;
  /** Resolves while the process runs; never once it is over. */
  turn(): Promise<void>;
  /** Carries out one asynchronous call of the agent, as far as it lives to see it. */
  call<T>(name: string, args: readonly unknown[], work: () => Promise<T>): Promise<T>;
}

export function createLife(number: number, witness: CallWitness): Life {
  let over = false;
  let paused: PromiseWithResolvers<void> | undefined;

  async function turn(): Promise<void> {
    while (paused && !over) await paused.promise;
    if (over) await NEVER;
  }

  return {
    number,
    isOver: () => over,
    end() {
      over = true;
      paused?.resolve();
    },
    pause() {
      paused ??= Promise.withResolvers();
    },
    resume() {
      paused?.resolve();
      paused = undefined;
    },
    isPaused: () => paused !== undefined,
    turn,
    async call(name, args, work) {
      if (over || paused) await turn();
      witness(name, args);
      if (over || paused) await turn();
      try {
        return await work();
      } finally {
        // Both ways out are gated: an error that arrives after the end is not handled either.
        if (over || paused) await turn();
      }
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
  const calls = new Map<string | symbol, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const known = calls.get(name);
      if (known) return known;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (names && !names.some((each) => each === name)) return member;
      const callName = `${kind}.${String(name)}`;
      const call = (...args: readonly unknown[]) =>
        life.call(callName, args, () => member.apply(target, args));
      calls.set(name, call);
      return call;
    },
  });
}

/** The clock of one life: whoever sleeps when it ends sleeps for ever, and whoever is paused oversleeps. */
export function mortalClock(life: Life, clock: Clock): Clock {
  return {
    nowMs: clock.nowMs,
    wallMs: clock.wallMs,
    async sleep(delayMs, signal) {
      if (!life.isOver()) await clock.sleep(delayMs, signal);
      if (life.isOver() || life.isPaused()) await life.turn();
    },
  };
}

import type { Clock } from '../../ports/clock.ts';

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
    if (over) await never();
  }

  /** At once, or as soon as the process runs again. */
  function whenItRuns<T>(work: () => Promise<T>): Promise<T> {
    return over || paused ? turn().then(work) : work();
  }

  // Both ways out are gated: an error that arrives after the end is not handled either.
  const returned = <T>(value: T) => (over || paused ? turn().then(() => value) : value);
  const thrown = (error: unknown) => whenItRuns(() => Promise.reject(error));

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
    call(name, args, work) {
      const begin = () => {
        witness(name, args);
        return whenItRuns(work);
      };
      return whenItRuns(begin).then(returned, thrown);
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
  const isGated = (name: string) => names === undefined || names.some((each) => each === name);
  const gated = Object.entries(port).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function' || !isGated(name)) return [name, member];
    const callName = `${kind}.${name}`;
    const call = (...args: readonly unknown[]) =>
      life.call(callName, args, () => member.apply(port, args));
    return [name, call];
  });
  // The cast is safe: each member is there, with the type that it had.
  return Object.fromEntries(gated) as T;
}

/** The clock of one life: whoever sleeps when it ends sleeps for ever, and whoever is paused oversleeps. */
export function mortalClock(life: Life, clock: Clock): Clock {
  const isGated = () => life.isOver() || life.isPaused();
  return {
    nowMs: clock.nowMs,
    wallMs: clock.wallMs,
    sleep(delayMs, signal) {
      if (life.isOver()) return never();
      return clock.sleep(delayMs, signal).then(() => (isGated() ? life.turn() : undefined));
    },
  };
}

/** Another one each time: whoever waits for it is forgotten with it, and not kept for as long as the process runs. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

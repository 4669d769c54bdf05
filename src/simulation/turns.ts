/** Whatever else the process does, such as answering its parent, waits for at most so many calls. */
const AHEAD = 64;

/**
 * Calls back once every promise callback ran out, also those that follow from others: that is what Node
 * does before each callback of `setImmediate`, and where it finds rejections that nobody handles. They
 * are asked for many at a time, as a turn of the event loop for each would cost more than most calls.
 * Only one may wait at a time.
 */
export function createTurns(): (callback: () => void) => void {
  let waiting: (() => void) | undefined;
  let ahead = 0;

  function turn(): void {
    ahead -= 1;
    const callback = waiting;
    waiting = undefined;
    callback?.();
  }

  return (callback) => {
    waiting = callback;
    if (ahead > 0) return;
    ahead = AHEAD;
    for (let count = 0; count < AHEAD; count += 1) setImmediate(turn);
  };
}

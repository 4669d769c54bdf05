/** How one agent reaches the log in memory. */
export interface MemoryLink {
  isUp(): boolean;
  /** While it is down, writes are refused and the agent hears nothing. */
  setUp(up: boolean): void;
  /** A watch that stands still: writes go through, but no change arrives, and nothing tells the agent. */
  setWatching(watching: boolean): void;
  hears(): boolean;
  /** Calls back when the link goes down, and when the agent hears again. */
  onChange(callback: (change: 'down' | 'hears-again') => void): void;
  /** Resolves after one way of a request. */
  travel(): Promise<void>;
  /** Somebody is there to hear, and nothing on the way makes a message late. */
  isNear(): boolean;
}

/** `travel` is one way of a request: sleep on a virtual clock to have requests overlap. */
export function createMemoryLink(
  travel: () => Promise<void> = () => Promise.resolve(),
  isNear: () => boolean = () => false,
): MemoryLink {
  const callbacks: ((change: 'down' | 'hears-again') => void)[] = [];
  let up = true;
  let watching = true;

  const tell = (change: 'down' | 'hears-again') => {
    for (const callback of callbacks) callback(change);
  };

  function change(turn: () => void): void {
    const before = { up, hears: up && watching };
    turn();
    if (before.up && !up) tell('down');
    if (up && watching && !before.hears) tell('hears-again');
  }

  return {
    isUp: () => up,
    setUp(value) {
      change(() => {
        up = value;
      });
    },
    setWatching(value) {
      change(() => {
        watching = value;
      });
    },
    hears: () => up && watching,
    onChange: (callback) => {
      callbacks.push(callback);
    },
    travel,
    isNear,
  };
}

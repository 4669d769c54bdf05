const FIRST_CAPACITY = 1 << 16;

/** Moves between states, states by number; memory is one typed array for each end. */
export interface Graph {
  add(from: number, to: number): void;
  size(): number;
  /** The first state, in order of discovery, from which no marked one can be reached. */
  firstCutOff(states: number, isMarked: (state: number) => boolean): number | undefined;
}

export function createGraph(): Graph {
  let sources = new Int32Array(FIRST_CAPACITY);
  let targets = new Int32Array(FIRST_CAPACITY);
  let size = 0;

  function grow(): void {
    sources = enlarged(sources);
    targets = enlarged(targets);
  }

  return {
    add(from, to) {
      if (size === sources.length) grow();
      sources[size] = from;
      targets[size] = to;
      size += 1;
    },
    size() {
      return size;
    },
    firstCutOff(states, isMarked) {
      const reaches = new Uint8Array(states);
      for (let state = 0; state < states; state += 1) reaches[state] = Number(isMarked(state));
      spread(reaches, incoming(sources, targets, size, states));
      const first = reaches.indexOf(0);
      return first === -1 ? undefined : first;
    },
  };
}

/** Marks whatever has a way to a marked state. */
function spread(reaches: Uint8Array, { starts, sources }: Incoming): void {
  const open = [...reaches.keys()].filter((state) => reaches[state] === 1);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const from of sources.subarray(starts[state], starts[state + 1])) {
      if (reaches[from] === 1) continue;
      reaches[from] = 1;
      open.push(from);
    }
  }
}

function enlarged(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Where each state can be reached from: `sources` from `starts[state]` up to `starts[state + 1]`. */
interface Incoming {
  readonly starts: Int32Array;
  readonly sources: Int32Array;
}

function incoming(
  sources: Int32Array,
  targets: Int32Array,
  size: number,
  states: number,
): Incoming {
  const starts = new Int32Array(states + 1);
  for (let edge = 0; edge < size; edge += 1) count(starts, (targets[edge] ?? 0) + 1);
  for (let state = 0; state < states; state += 1) count(starts, state + 1, starts[state] ?? 0);

  const next = starts.slice();
  const sorted = new Int32Array(size);
  for (let edge = 0; edge < size; edge += 1) {
    const target = targets[edge] ?? 0;
    sorted[next[target] ?? 0] = sources[edge] ?? 0;
    count(next, target);
  }
  return { starts, sources: sorted };
}

function count(counts: Int32Array, at: number, by = 1): void {
  counts[at] = (counts[at] ?? 0) + by;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: what is planned runs in order of time, and in order of planning at equal times. */
export function createAgenda() {
  const heap: Entry[] = [];
  let nowMs = 0;
  let planned = 0;

  function swap(left: number, right: number) {
    [heap[left], heap[right]] = [heap[right] as Entry, heap[left] as Entry];
  }

  function isBefore(left: number, right: number): boolean {
    const [first, second] = [heap[left] as Entry, heap[right] as Entry];
    return first.atMs === second.atMs ? first.order < second.order : first.atMs < second.atMs;
  }

  function rise(from: number) {
    for (let at = from; at > 0; at = (at - 1) >> 1) {
      if (isBefore((at - 1) >> 1, at)) return;
      swap(at, (at - 1) >> 1);
    }
  }

  function sink() {
    for (let at = 0; 2 * at + 1 < heap.length; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = right < heap.length && isBefore(right, left) ? right : left;
      if (isBefore(at, child)) return;
      swap(at, child);
      at = child;
    }
  }

  return {
    nowMs: () => nowMs,
    after(delayMs: number, run: () => void) {
      heap.push({ atMs: nowMs + delayMs, order: planned, run });
      planned += 1;
      rise(heap.length - 1);
    },
    /** Runs the next entry; false when there is none. */
    runNext(): boolean {
      const next = heap[0];
      const last = heap.pop();
      if (!next || !last) return false;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      nowMs = next.atMs;
      next.run();
      return true;
    },
  };
}

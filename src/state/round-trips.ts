import type { NodeId } from './node-id.ts';

/** Long enough that a busy machine or a network with a hiccup answers at its best a few times. */
const WATCHED_MS = 300_000;

interface Watch {
  /** Since when `bestMs` counts. */
  readonly sinceMs: number;
  readonly bestMs: number;
  /** Of the time before; undefined as long as nobody watched for so long. */
  readonly formerMs: number | undefined;
}

/** How long questions to other nodes take, by the clock of whoever asks. */
export interface RoundTrips {
  /** Forgets everybody else. */
  watch(nodes: readonly NodeId[]): void;
  answered(nodeId: NodeId, tookMs: number, nowMs: number): void;
  /**
   * Of these nodes: the median of the shortest in the last five to ten minutes. Undefined until one of
   * them was watched for as long.
   */
  typicalMs(of: readonly NodeId[]): number | undefined;
}

export function createRoundTrips(): RoundTrips {
  const watches = new Map<NodeId, Watch>();

  function shortest(nodeId: NodeId): readonly number[] {
    const { bestMs, formerMs } = watches.get(nodeId) ?? {};
    return bestMs === undefined || formerMs === undefined ? [] : [Math.min(bestMs, formerMs)];
  }

  return {
    watch(nodes) {
      for (const nodeId of watches.keys()) if (!nodes.includes(nodeId)) watches.delete(nodeId);
    },
    answered(nodeId, tookMs, nowMs) {
      const fresh = { sinceMs: nowMs, bestMs: tookMs };
      const watch = watches.get(nodeId);
      if (watch === undefined) watches.set(nodeId, { ...fresh, formerMs: undefined });
      else if (nowMs - watch.sinceMs >= WATCHED_MS) {
        watches.set(nodeId, { ...fresh, formerMs: watch.bestMs });
      } else if (tookMs < watch.bestMs) watches.set(nodeId, { ...watch, bestMs: tookMs });
    },
    typicalMs(of) {
      const known = of.flatMap(shortest).toSorted((a, b) => a - b);
      return known[Math.floor((known.length - 1) / 2)];
    },
  };
}

import type { NodeId } from './node-id.ts';
import { MAX_PROBES, type Probe } from './probe.ts';

/**
 * For how long a node may leave questions unanswered. TCP brings a segment that was lost three times
 * within 1.4 s, and a fourth time within 3 s: at 5 % loss that takes four losses in a row, 6 in a million.
 */
const SILENT_AFTER_MS = 3_000;
/** Whoever is the only one that somebody asks can not be told apart from a network that is down. */
const LEAST_TO_COMPARE = 2;

type Target = Pick<Probe, 'nodeId' | 'incarnation'>;

interface Watched extends Target {
  /** Since the first question that was not answered. */
  unansweredMs: number | undefined;
  finding: Probe['finding'] | undefined;
}

/** What one agent finds of the nodes it asks, by its own monotonic clock. */
export interface ProbeBook {
  /** Forgets everybody else, and what was found of earlier incarnations. */
  watch(targets: readonly Target[]): void;
  asked(nodeId: NodeId, nowMs: number): void;
  /** `by`: who it was that answered. */
  answered(nodeId: NodeId, by: Target): void;
  /** Calls those silent that have owed an answer for too long. */
  look(nowMs: number): void;
  /**
   * This agent itself stood still, and answers may lie unread: whoever is not silent yet gets its
   * time anew.
   */
  excuse(nowMs: number): void;
  /** Whether everybody answered what it was asked. */
  isCalm(): boolean;
  /** Those who do not answer. */
  missing(): readonly NodeId[];
  /**
   * What is told to others, the same list as long as nothing changed. Whoever reaches none of several
   * is most likely cut off itself, and holds nothing against anybody.
   */
  probes(): readonly Probe[];
}

export function createProbeBook(): ProbeBook {
  let book: ReadonlyMap<NodeId, Watched> = new Map();
  /** Undefined after a change. */
  let told: readonly Probe[] | undefined;

  function find(watched: Watched, finding: Probe['finding']): void {
    if (watched.finding !== finding) told = undefined;
    watched.finding = finding;
  }

  return {
    watch(targets) {
      told = undefined;
      book = new Map(
        targets.slice(0, MAX_PROBES).map(({ nodeId, incarnation }) => {
          const known = book.get(nodeId);
          const fresh = { nodeId, incarnation, unansweredMs: undefined, finding: undefined };
          return [nodeId, known?.incarnation === incarnation ? known : fresh];
        }),
      );
    },
    asked(nodeId, nowMs) {
      const watched = book.get(nodeId);
      if (watched) watched.unansweredMs ??= nowMs;
    },
    answered(nodeId, by) {
      const watched = book.get(nodeId);
      if (!watched) return;
      const isSame = by.nodeId === nodeId && by.incarnation === watched.incarnation;
      find(watched, isSame ? 'reached' : 'replaced');
      watched.unansweredMs = undefined;
    },
    look(nowMs) {
      for (const watched of book.values()) {
        const { unansweredMs, finding } = watched;
        if (unansweredMs === undefined || nowMs - unansweredMs < SILENT_AFTER_MS) continue;
        // Whoever took its place may be silent in turn: the node itself is no less gone for that.
        if (finding !== 'replaced') find(watched, 'silent');
      }
    },
    excuse(nowMs) {
      for (const watched of book.values()) {
        if (watched.unansweredMs !== undefined) watched.unansweredMs = nowMs;
      }
    },
    isCalm: () => [...book.values()].every(({ unansweredMs }) => unansweredMs === undefined),
    missing: () =>
      [...book.values()].filter(({ finding }) => isMissing(finding)).map(({ nodeId }) => nodeId),
    probes() {
      told ??= probesOf([...book.values()]);
      return told;
    },
  };
}

function probesOf(watched: readonly Watched[]): readonly Probe[] {
  const found = watched.flatMap(({ nodeId, incarnation, finding }): Probe[] =>
    finding === undefined ? [] : [{ nodeId, incarnation, finding }],
  );
  const isCutOff = watched.length >= LEAST_TO_COMPARE && !found.some(isReached);
  return isCutOff ? [] : found;
}

function isReached({ finding }: Probe): boolean {
  return finding === 'reached';
}

function isMissing(finding: Probe['finding'] | undefined): boolean {
  return finding === 'silent' || finding === 'replaced';
}

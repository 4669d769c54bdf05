import type { NodeId } from './node-id.ts';
import type { ProbeReport } from './probe.ts';

/** Two beats of an observer and a half: what it has not said again since counts no more. */
const OUTDATED_AFTER_MS = 25_000;

/** What each observer found, as last heard from it. */
export interface ReportBook {
  heard(report: ProbeReport, nowMs: number): void;
  /** In order of the observers' ids. */
  reports(nowMs: number): readonly ProbeReport[];
}

export function createReportBook(): ReportBook {
  const held = new Map<NodeId, { readonly report: ProbeReport; readonly heardMs: number }>();

  return {
    heard(report, nowMs) {
      held.set(report.observer, { report, heardMs: nowMs });
    },
    reports(nowMs) {
      for (const [observer, { heardMs }] of held) {
        if (nowMs - heardMs > OUTDATED_AFTER_MS) held.delete(observer);
      }
      return [...held.values()]
        .map(({ report }) => report)
        .toSorted((a, b) => (a.observer < b.observer ? -1 : 1));
    },
  };
}

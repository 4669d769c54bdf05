import { datedWait } from '../../state/dated-wait.ts';
import type { LeafCertificates } from '../../state/leaf-certificates.ts';
import type { OrderReport } from '../../state/order-report.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import type { Observed } from './observed.ts';

/** What the log is to say of this host; nothing while it says so, or while others change the host. */
export function report(observed: Observed, course: Course): readonly Action[] {
  const { nodeId, incarnation, leaves, entry, settled, synced } = observed;
  if (!synced || !settled) return [];
  const work = reportOf(observed, course);
  if (!entry && leaves.length === 0 && work === null) return [];
  const value: LeafCertificates = { nodeId, incarnation, leaves: [...leaves], work };
  if (entry && sameValue(entry.value, value)) return [];
  return [{ type: 'report', value, ifRevision: entry?.revision ?? 0 }];
}

function reportOf(
  { entry, incarnation, wallMs }: Observed,
  { work, waiting }: Course,
): OrderReport | null {
  const last = entry?.value.incarnation === incarnation ? entry.value.work : null;
  if (!work) return last;
  const before = last?.operationId === work.operationId ? last : null;
  return {
    ...work,
    task: 'renew-certificates',
    waiting: work.state === 'under-way' ? datedWait(waiting, before?.waiting, wallMs) : null,
    startedWallMs: before?.startedWallMs ?? work.startedWallMs,
  };
}

import { datedWait } from '../../state/dated-wait.ts';
import { isWorse, statusFacts } from '../../state/kubernetes-facts.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Status } from '../../state/status.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import type { Observed } from './observed.ts';

/** A restart of a static pod or a boot is over by then, and worth no entry in the log. */
const WORSE_FOR_MS = 30_000;

/** The status entry, when its content changed. */
export function report(observed: Observed, course: Course): readonly Action[] {
  const { reported } = observed;
  const status = statusOf(observed, course);
  if (sameValue(status, reported?.value)) return [];
  return [{ type: 'report', status, ifRevision: reported?.revision ?? 0 }];
}

function statusOf(observed: Observed, { phase, waiting }: Course): Status {
  const { nodeId, incarnation, assignment, reported, wallMs } = observed;
  // What an earlier incarnation said of itself is no longer true.
  const before = reported?.value.incarnation === incarnation ? reported.value : undefined;
  const asked = assignment?.incarnation === incarnation ? assignment : undefined;
  return {
    nodeId,
    incarnation,
    phase,
    role: asked?.role ?? null,
    operationId: asked?.operationId ?? null,
    waiting: datedWait(waiting, before?.waiting, wallMs),
    kubernetes: kubernetesOf(observed, phase, before),
  };
}

function kubernetesOf(observed: Observed, phase: Status['phase'], before: Status | undefined) {
  const facts = statusFacts(observed.facts, before?.kubernetes);
  if (before === undefined || phase !== 'serving') return facts;
  const passing = observed.worseForMs < WORSE_FOR_MS && isWorse(facts, before.kubernetes);
  return passing ? before.kubernetes : facts;
}

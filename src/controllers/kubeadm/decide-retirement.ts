import type { Course } from './course.ts';
import { clean } from './decide-clean.ts';
import { awaitDeparture, closedGate } from './decide-gates.ts';
import { type Job, recordAfter, step } from './operation-step.ts';

/** The next step of a node on its way out of Kubernetes, whether it was alive all along or comes back. */
export function retire(job: Job): Course {
  const { observed, assignment, progress } = job;
  if (progress.state === 'succeeded') return { phase: 'spare', actions: [] };
  const closed = closedGate(observed, assignment) ?? awaitDeparture(observed);
  if (closed) return closed;
  if (progress.state === 'resetting') return clean(job);
  if (observed.residue.length > 0) return step(job, { type: 'residue.found' });
  if (observed.roleChange?.hasPodNetwork) {
    return { phase: 'installing', actions: [{ type: 'clear-pod-network' }] };
  }
  return { phase: 'spare', actions: [recordAfter(job, { type: 'proof.found' })] };
}

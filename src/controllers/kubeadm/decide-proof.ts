import { isInstalled } from '../../state/kubernetes-facts.ts';
import { DISCOVERY_FILE, KUBEADM_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import type { Course } from './course.ts';
import { forgetCommands } from './forget-commands.ts';
import { type Job, recordAfter } from './operation-step.ts';

/** By what there is to see, and by what it takes to be there after the next boot too. */
export function isProven({ observed, assignment }: Job): boolean {
  const { marker, nodeId, incarnation, facts, missingFile } = observed;
  if (missingFile !== undefined) return false;
  const ours = marker?.nodeId === nodeId && marker.incarnation === incarnation;
  return ours && marker.clusterId === observed.clusterId && isInstalled(assignment.task, facts);
}

/**
 * The token goes before anybody is told, as afterwards nobody looks for it any more; and what kubeadm
 * wrote is safe from a power cut before, as others build on a node that serves.
 */
export function finish(job: Job): Course {
  return {
    phase: 'serving',
    actions: [
      { type: 'sync-files' },
      { type: 'remove-files', paths: [KUBEADM_CONFIG_FILE, DISCOVERY_FILE] },
      ...forgetCommands(job),
      recordAfter(job, { type: 'proof.found' }),
    ],
  };
}

import { attemptOf } from '../../machines/operation-progress.ts';
import type { Action } from './action.ts';
import { commandName } from './command.ts';
import { SOON_MS } from './course.ts';
import type { Observed } from './observed.ts';
import type { Job } from './operation-step.ts';

/**
 * By then a kubelet has asked for its certificate 0, 2 and 6 s after its start, give or take a tenth,
 * and asks next after 14 and 30 s (client-go's certificate manager). One that is started asks at once.
 */
const ASKS_SELDOM_AFTER_MS = 7_000;
/** Each moment between the API server's first answer and the restart is one that kubeadm waits. */
const LOOK_AGAIN_MS = 500;

/** With ControlPlaneKubeletLocalMode a joining kubelet gets its certificate from its own API server alone. */
export function hastenKubelet({ observed, assignment, progress }: Job): readonly Action[] {
  const { kubelet, facts } = observed;
  if (!kubelet || kubelet.restarted || !facts.apiServerReady) return [];
  if (kubelet.runsForMs < ASKS_SELDOM_AFTER_MS) return [];
  const command = commandName(assignment.operationId, attemptOf(progress));
  return [{ type: 'restart-kubelet', command }];
}

/** When to look again while the command runs. */
export function lookAgainMs({ kubelet }: Observed): number {
  return kubelet && !kubelet.restarted ? LOOK_AGAIN_MS : SOON_MS;
}

import type { Ports } from '../../ports/index.ts';
import type { Task } from '../../state/assignment.ts';
import {
  BOOTSTRAP_KUBELET_CONF_FILE,
  KUBELET_CERTIFICATE_FILE,
} from '../../state/kubernetes-paths.ts';
import type { BootstrappingKubelet } from './observed.ts';

interface Question {
  readonly task: Task | undefined;
  /** Name of the command that runs; undefined when none does. */
  readonly command: string | undefined;
  readonly restartedFor: string | undefined;
}

/** The kubelet of a joining control plane asks its own API server, which starts later than it does. */
export async function observeKubelet(
  { files, host }: Ports,
  { task, command, restartedFor }: Question,
): Promise<BootstrappingKubelet | undefined> {
  if (task !== 'join-control-plane' || command === undefined) return undefined;
  if ((await files.read(BOOTSTRAP_KUBELET_CONF_FILE)) === undefined) return undefined;
  if ((await files.read(KUBELET_CERTIFICATE_FILE)) !== undefined) return undefined;
  const runsForMs = await host.kubeletRunsForMs();
  return runsForMs === undefined ? undefined : { runsForMs, restarted: restartedFor === command };
}

import { isHalfway } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { renderName } from './commands.ts';
import type { Job } from './job.ts';
import { observeCommand } from './observe-commands.ts';
import type { RenderSight } from './observed.ts';
import { compareManifests } from './swap-ahead.ts';

const COMMANDS = [0, 1, 2];

/** How far the static pods of the release are ahead of kubeadm; undefined where they are not to be. */
export async function observeRender(
  ports: Ports,
  job: Job | undefined,
): Promise<RenderSight | undefined> {
  if (job?.task !== 'upgrade-control-plane' || !isHalfway(job.progress)) return undefined;
  const { operationId, kubernetesVersion, progress } = job;
  const asked = progress.state === 'rendering' ? COMMANDS : [];
  return {
    commands: await Promise.all(
      asked.map((index) => observeCommand(ports, renderName(operationId, index))),
    ),
    manifests: await compareManifests(ports.files, kubernetesVersion),
  };
}

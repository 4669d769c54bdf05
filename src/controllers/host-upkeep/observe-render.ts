import { isHalfway } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { observeCommand } from '../../runtime/observe-command.ts';
import { renderNames } from './commands.ts';
import type { Job } from './job.ts';
import type { RenderSight } from './observed.ts';
import { compareManifests } from './swap-ahead.ts';
import { mayTouchStaticPods } from './work.ts';

/** How far the static pods of the release are ahead of kubeadm; undefined where they are not to be. */
export async function observeRender(
  ports: Ports,
  job: Job | undefined,
): Promise<RenderSight | undefined> {
  if (!job || !isHalfway(job.progress) || !mayGoAhead(job)) return undefined;
  const { operationId, kubernetesVersion, progress } = job;
  const asked = progress.state === 'rendering' ? renderNames(operationId) : [];
  return {
    commands: await Promise.all(asked.map((name) => observeCommand(ports, name))),
    manifests: await compareManifests(ports.files, kubernetesVersion),
  };
}

function mayGoAhead(job: Job): boolean {
  return job.task === 'upgrade-control-plane' || mayTouchStaticPods(job);
}

import { isHalfway } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { observeCommand } from '../../runtime/observe-command.ts';
import type { Order } from '../../state/order.ts';
import { commandName, type ImageUnits, imagesIn, imageUnits } from './commands.ts';
import { isOf, type Job } from './job.ts';
import type { ImageSight } from './observed.ts';

/** Whether kubeadm still works for an order that was taken back. */
export async function formerRuns(ports: Ports, order: Order, job: Job | undefined) {
  if (!job || isOf(job, order) || !isHalfway(job.progress)) return false;
  const name = commandName(job.operationId, job.progress.failures);
  return (await observeCommand(ports, name)).phase === 'running';
}

/** Of a preparation that was ordered. */
export function observeImages(ports: Ports, { operationId }: Order) {
  return observeImagesBy(ports, imageUnits(operationId));
}

/** What the release needs, and the container runtime lacks. */
export async function observeImagesBy(
  ports: Ports,
  units: ImageUnits,
): Promise<Omit<ImageSight, 'inStateForMs'>> {
  const list = await observeCommand(ports, units.list);
  const pull = await observeCommand(ports, units.pull);
  if (list.phase !== 'ended' || list.outcome !== 'succeeded') {
    return { list, pull, missing: undefined };
  }
  const present = await ports.releases.images();
  return { list, pull, missing: imagesIn(list.output).filter((name) => !present.includes(name)) };
}

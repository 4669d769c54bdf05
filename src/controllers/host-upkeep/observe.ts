import { isOver } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { obeyedTerm } from '../../runtime/obeyed-term.ts';
import { PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import type { Order } from '../../state/order.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import { isOf, JOB_FILE, type Job, jobSchema } from './job.ts';
import type { Memory } from './memory.ts';
import { OBEYED_ORDER_TERM, observeOrder, servesBy } from './observe-order.ts';
import { manifestImages, observeParts } from './observe-parts.ts';
import { ownNode } from './observe-proof.ts';
import { observeSight } from './observe-sight.ts';
import { observeStandBy } from './observe-stand-by.ts';
import type { Observed } from './observed.ts';
import { presentDigest } from './reconfigure/installed-digest.ts';

export async function observe(ports: Ports, epoch: number, memory: Memory): Promise<Observed> {
  const { clock, durable, self, store } = ports;
  const { nodeId, incarnation } = self;
  const beganMs = clock.nowMs();
  // Asked first: what is read afterwards is not older than that.
  const { synced } = store;
  const job = await durable.read(JOB_FILE, jobSchema);
  const asked = observeOrder(ports, job);
  const reported = store.get('upkeep', nodeId);
  const before = reported?.value.incarnation === incarnation ? reported.value : undefined;
  const serving = servesBy(ports);
  const isServing = serving !== undefined;
  // Looked at before the manifests, which may come back to their place meanwhile.
  const isParked = await hasParked(ports);
  const images = await manifestImages(ports);
  const parts = await observeParts(
    ports,
    isServing ? await ownNode(ports) : undefined,
    images,
    before?.parts,
  );
  const { order } = asked;
  const present = isServing ? presentDigest(ports, told(job, order, before)) : undefined;
  const looks = order !== undefined && isServing && !isFinished(order, job, before);
  return {
    nodeId,
    incarnation,
    wallMs: clock.wallMs(),
    synced,
    ...asked,
    obeyedTerm: await obeyedTerm(ports.durable, OBEYED_ORDER_TERM, epoch),
    servesBy: serving,
    reported,
    parts,
    job,
    kubeletDown: await isKubeletDown(ports, job),
    ...(isServing && { configurationDigest: present }),
    ...(await observeStandBy(ports, before, memory)),
    sight: looks
      ? await observeSight(ports, { order, job, images, isParked, present, beganMs }, memory)
      : undefined,
  };
}

/** States in which the kubelet is stopped for a moment, and an agent may die meanwhile. */
const STOPS_KUBELET: readonly Job['progress']['state'][] = [
  'swapping',
  'switching',
  'rolling-back',
];

async function hasParked({ files }: Pick<Ports, 'files'>): Promise<boolean> {
  return (await files.list(PARKED_FOLDER)).length > 0;
}

async function isKubeletDown({ files, host }: Ports, job: Job | undefined): Promise<boolean> {
  if (!job || !STOPS_KUBELET.includes(job.progress.state)) return false;
  // After a boot it waits for its credentials, which are not for this controller to bring back.
  if (await hasParked({ files })) return false;
  return (await host.kubeletRunsForMs()) === undefined;
}

/** Whether the order came to its end here, as the disk says, or the log where the disk is another or older. */
function isFinished(order: Order, job: Job | undefined, before: Upkeep | undefined): boolean {
  const work = before?.work;
  const isTold = work?.operationId === order.operationId && work.state !== 'under-way';
  return isTold || (isOf(job, order) && job !== undefined && isOver(job.progress));
}

/** By the last reconfiguration that came to its end, else as it was said before. */
function told(
  job: Job | undefined,
  order: Order | undefined,
  before: Upkeep | undefined,
): string | undefined {
  const isLast = order ? isOf(job, order) : before?.work?.operationId === job?.operationId;
  const reached = isLast && job?.progress.state === 'done' ? job.configurationDigest : undefined;
  return reached ?? before?.configurationDigest ?? undefined;
}

import { isHalfway } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { observeCommand } from '../../runtime/observe-command.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import type { Command } from '../../state/command.ts';
import { isDisruptive, type Order } from '../../state/order.ts';
import { commandName } from './commands.ts';
import { isOf, type Job } from './job.ts';
import type { Memory } from './memory.ts';
import { formerRuns } from './observe-commands.ts';
import { observeEtcd } from './observe-etcd.ts';
import type { ManifestImages } from './observe-parts.ts';
import { mirrorPods } from './observe-proof.ts';
import { observeRender } from './observe-render.ts';
import { observeSurroundings } from './observe-surroundings.ts';
import { observeTime } from './observe-time.ts';
import type { Sight } from './observed.ts';
import { observeConfiguration } from './reconfigure/observe-configuration.ts';
import { changedManifests, tornFiles } from './upgrade-files.ts';

const ABSENT: Command = { phase: 'absent' };

interface Question {
  readonly order: Order;
  readonly job: Job | undefined;
  readonly images: ManifestImages;
  /** Before the images were read. */
  readonly isParked: boolean;
  /** Digest of the configuration that the host was brought to. */
  readonly present: string | undefined;
  /** When the pass began. */
  readonly beganMs: number;
}

/** A host that is under an order which is not over. */
export async function observeSight(
  ports: Ports,
  { order, job, images, isParked, present, beganMs }: Question,
  memory: Memory,
): Promise<Sight> {
  const { kube, releases } = ports;
  const own = isOf(job, order) ? job : undefined;
  const isControlPlane = images.get('kube-apiserver') !== undefined;
  const disturbs = isControlPlane && isDisruptive(order);
  const pods = disturbs ? await mirrorPods(ports) : undefined;
  const presence = await releases.present(wantedRelease(ports, order.kubernetesVersion));
  return {
    ...observeSurroundings(ports, order),
    presence,
    isParked,
    formerRuns: await formerRuns(ports, order, job),
    isControlPlane,
    isUnsynced: noteImages(memory, images),
    apiServerReady: disturbs && (await kube.localApiServerReady()),
    mirrorPods: pods?.map(({ uid }) => uid),
    ...(disturbs ? await observeEtcd(ports, own) : { etcdTrouble: null }),
    render: await observeRender(ports, own),
    ...(await observeConfiguration(ports, {
      order,
      isUntouched: !isBegun(own),
      isControlPlane,
      present,
    })),
    ...(await observeCommandOf(ports, own)),
    ...(await observeTime(
      ports,
      { order, job: own, images, pods, presence, isParked, beganMs },
      memory,
    )),
  };
}

function noteImages(memory: Memory, images: ManifestImages): boolean {
  const seen = JSON.stringify([...images]);
  memory.images = { ...memory.images, seen };
  return memory.images.synced !== seen;
}

function isBegun(job: Job | undefined): boolean {
  return job !== undefined && isHalfway(job.progress);
}

async function observeCommandOf(ports: Ports, job: Job | undefined) {
  const { files } = ports;
  const state = job?.progress.state;
  // To ask costs a process.
  const name = job && state === 'running' && commandName(job.operationId, job.progress.failures);
  const command = name ? await observeCommand(ports, name) : ABSENT;
  const mayBeTorn = state === 'running' && command.phase === 'absent';
  return {
    command,
    tornFiles: mayBeTorn ? await tornFiles(files) : [],
    isChanged: state === 'rolling-back' && (await changedManifests(files)).length > 0,
  };
}

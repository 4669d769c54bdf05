import type { Ports } from '../../ports/index.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import { newcomersRelease } from '../../state/newcomers-release.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import { warmUnits } from './commands.ts';
import { noteSightings, sinceMs } from './looks.ts';
import type { Memory } from './memory.ts';
import { observeImagesBy } from './observe-commands.ts';
import { imageRepositoryOf } from './observe-surroundings.ts';
import type { ArrivalSight, Observed } from './observed.ts';

/** What is warm is not looked at again: on a host without a kubelet nobody takes images away. */
export async function observeStandBy(
  ports: Ports,
  before: Upkeep | undefined,
  memory: Memory,
): Promise<Pick<Observed, 'standBy'>> {
  const { store } = ports;
  const operationId = standsBy(ports);
  const wanted = newcomersRelease({
    releases: store.list('release'),
    assignments: store.list('assignment'),
    specs: store.list('spec'),
  });
  if (operationId === undefined || wanted === undefined) return {};
  const { kubernetesVersion, heldBy } = wanted;
  const told = before?.standBy;
  const isSame = told?.operationId === operationId && told.kubernetesVersion === kubernetesVersion;
  const rests = heldBy !== null || (isSame && told.state === 'warm');
  const units = warmUnits(operationId, kubernetesVersion);
  const sight = rests
    ? undefined
    : await observeArrival(ports, { kubernetesVersion, units }, memory);
  return { standBy: { operationId, kubernetesVersion, heldBy, sight } };
}

/** The operation by which this node has no role, as it says itself; undefined also where it leaves for good. */
function standsBy({ self, store }: Ports): string | undefined {
  const status = store.get('status', self.nodeId)?.value;
  const assignment = store.get('assignment', self.nodeId)?.value;
  const request = store.get('request', self.nodeId)?.value;
  const leaves = request?.type === 'leave' && request.incarnation === self.incarnation;
  if (leaves || status?.phase !== 'spare' || status.incarnation !== self.incarnation) {
    return undefined;
  }
  return assignment?.operationId === status.operationId ? assignment?.operationId : undefined;
}

async function observeArrival(
  ports: Ports,
  { kubernetesVersion, units }: { kubernetesVersion: string; units: ReturnType<typeof warmUnits> },
  memory: Memory,
): Promise<ArrivalSight> {
  const { clock, releases } = ports;
  const nowMs = clock.nowMs();
  const presence = await releases.present(wantedRelease(ports, kubernetesVersion));
  const arrival = await releases.progress(kubernetesVersion);
  const found = presence.folder === null ? undefined : await observeImagesBy(ports, units);
  const imageState = JSON.stringify([found?.list.phase, found?.pull.phase, found?.missing]);
  const arrivalState = `arrival ${kubernetesVersion} ${arrival.phase}`;
  noteSightings(memory, [imageState, arrivalState], nowMs);
  return {
    presence,
    arrival,
    arrivalForMs: sinceMs(memory, arrivalState, nowMs),
    images: found && { ...found, inStateForMs: sinceMs(memory, imageState, nowMs) },
    imageRepository: imageRepositoryOf(ports),
  };
}

import { CivitasError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { KUBELET_FLAGS_FILE, PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import type { Memory } from './memory.ts';
import { PROXY_BEHIND, proxyBehindSchema } from './move.ts';
import { observeControlPlane } from './observe-control-plane.ts';
import type { Observed } from './observed.ts';

/** A kubelet that was just started has not told its address yet. */
const REGISTERED_AFTER_MS = 60_000;

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { durable, files, self } = ports;
  const { addresses } = self.record;
  const serves = isServing(ports) && !(await isParked(ports));
  const registered = serves && !memory.isRegistered ? await registeredAt(ports) : undefined;
  const proxyIsBehind =
    registered !== undefined && (await durable.read(PROXY_BEHIND, proxyBehindSchema)) !== undefined;
  const isRight = registered !== undefined && addresses.includes(registered);
  memory.isRegistered ||= isRight && !proxyIsBehind;
  const kubeletFlags = await files.read(KUBELET_FLAGS_FILE);
  const controlPlane = serves && (await observeControlPlane(ports, kubeletFlags, memory));
  return {
    serves,
    addresses,
    kubeletFlags,
    registered,
    proxyIsBehind,
    controlPlane: controlPlane || undefined,
  };
}

function isServing({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  return status?.incarnation === self.incarnation && status.phase === 'serving';
}

/** What a control plane consists of is not at its place then: the host looks like a worker. */
async function isParked({ files }: Ports): Promise<boolean> {
  return (await files.list(PARKED_FOLDER)).length > 0;
}

/** An address that the host does not have counts once the kubelet had the time to tell another. */
async function registeredAt({ host, kube, self }: Ports): Promise<string | undefined> {
  const runsForMs = await host.kubeletRunsForMs();
  if (runsForMs === undefined) return undefined;
  try {
    const node = await kube.ownNode(self.record.hostname);
    const address = node?.internalIp ?? undefined;
    const isRight = address !== undefined && self.record.addresses.includes(address);
    return isRight || runsForMs >= REGISTERED_AFTER_MS ? address : undefined;
  } catch (error) {
    if (error instanceof CivitasError && error.code.startsWith('kube.')) return undefined;
    throw error;
  }
}

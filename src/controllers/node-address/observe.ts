import { CivitasError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { KUBELET_FLAGS_FILE } from '../../state/kubernetes-paths.ts';
import type { Memory } from './memory.ts';
import { observeControlPlane } from './observe-control-plane.ts';
import type { Observed } from './observed.ts';

/** A kubelet that was just started has not told its address yet. */
const REGISTERED_AFTER_MS = 60_000;

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { files, self } = ports;
  const { addresses } = self.record;
  const serves = isServing(ports);
  const registered = serves && !memory.isRegistered ? await registeredAt(ports) : undefined;
  memory.isRegistered ||= registered !== undefined && addresses.includes(registered);
  const kubeletFlags = await files.read(KUBELET_FLAGS_FILE);
  const controlPlane = serves && (await observeControlPlane(ports, kubeletFlags, memory));
  return { serves, addresses, kubeletFlags, registered, controlPlane: controlPlane || undefined };
}

function isServing({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  return status?.incarnation === self.incarnation && status.phase === 'serving';
}

async function registeredAt({ host, kube, self }: Ports): Promise<string | undefined> {
  const runsForMs = await host.kubeletRunsForMs();
  if (runsForMs === undefined || runsForMs < REGISTERED_AFTER_MS) return undefined;
  try {
    const node = await kube.ownNode(self.record.hostname);
    return node?.internalIp ?? undefined;
  } catch (error) {
    if (error instanceof CivitasError && error.code.startsWith('kube.')) return undefined;
    throw error;
  }
}

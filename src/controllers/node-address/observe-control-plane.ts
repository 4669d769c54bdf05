import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { observeCommand } from '../../runtime/observe-command.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { kubeletAddress } from '../../state/kubelet-address.ts';
import { seenForMs, withSightings } from '../../state/sightings.ts';
import type { Memory } from './memory.ts';
import { API_SERVER_MANIFEST, assignedBy, commandName, MOVE, moveSchema } from './move.ts';
import type { MovedControlPlane } from './observed.ts';

const ADVERTISED = /--advertise-address=([^\s"]+)/;

/** Undefined where nothing is to be done for a control plane of this host. */
export async function observeControlPlane(
  ports: Ports,
  kubeletFlags: string | undefined,
  memory: Memory,
): Promise<MovedControlPlane | undefined> {
  const { certificates, self, store } = ports;
  const { addresses } = self.record;
  const former = await formerAddress(ports, kubeletFlags);
  const [address] = addresses;
  if (former === undefined || address === undefined) return undefined;
  const command = await observeCommand(ports, commandName(address));
  const nowMs = ports.clock.nowMs();
  memory.sightings = withSightings(memory.sightings, [command.phase], nowMs);
  const work = store.get('upkeep', self.nodeId)?.value.work;
  return {
    former,
    isEnrolled: store.synced && store.get('node', self.nodeId)?.value.addresses[0] === address,
    listed: await listed(ports),
    lacking: await certificates.lacking(address),
    command,
    inStateForMs: seenForMs(memory.sightings, command.phase, nowMs),
    isUnderOrder: work?.state === 'under-way',
  };
}

/** That of a move which was begun, or the one that manifest or flags still name. */
async function formerAddress(ports: Ports, kubeletFlags = ''): Promise<string | undefined> {
  const { durable, files, self } = ports;
  const manifest = await files.read(API_SERVER_MANIFEST);
  if (manifest === undefined) return undefined;
  const move = await durable.read(MOVE, moveSchema);
  if (move && move.operationId === assignedBy(ports)) return move.former;
  const told = [ADVERTISED.exec(manifest)?.[1], kubeletAddress(kubeletFlags)];
  return told.find((each) => each !== undefined && !self.record.addresses.includes(each));
}

/** The first control plane that answers tells, at whichever address its etcd listens; each asks most of the members. */
async function listed(ports: Ports): Promise<MovedControlPlane['listed']> {
  const { etcd, self } = ports;
  const others = otherControlPlanes(ports);
  if (others.length === 0) return 'alone';
  for (const address of others) {
    try {
      const members = await etcd.membersAt(address);
      const own = members?.find(({ name }) => name === self.record.hostname);
      if (own) return isPeerAt(own, self.record.addresses) ? 'here' : 'elsewhere';
    } catch (error) {
      // The next one may answer.
      if (!(error instanceof RetryableError)) throw error;
    }
  }
  return 'unknown';
}

function otherControlPlanes({ self, store }: Ports): readonly string[] {
  return store.list('assignment').flatMap(({ value: { nodeId, role } }) => {
    if (role !== 'control-plane' || nodeId === self.nodeId) return [];
    return store.get('node', nodeId)?.value.addresses ?? [];
  });
}

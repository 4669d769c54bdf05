import { expect, test } from '@jest/globals';
import { NO_MEMORY } from '../../../src/controllers/node-address/memory.ts';
import { observeControlPlane } from '../../../src/controllers/node-address/observe-control-plane.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { Ports } from '../../../src/ports/index.ts';
import { controlPlaneAssignment, id, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

const FORMER = '10.9.0.1';
const OTHERS_FORMER = '10.9.0.2';
/** What stands on the host. */
interface HostFacts {
  readonly manifest: string;
  readonly move: unknown;
}

const MANIFEST = `    - --advertise-address=${FORMER}\n`;

/** n1 is at 10.0.0.1 now; n2 has its former address beside its new one, and its etcd listens there. */
async function portsOfMoved(peerUrl: string, host: Partial<HostFacts> = {}): Promise<Ports> {
  const world = createWorld();
  await world.store.set('assignment', id(1), controlPlaneAssignment(1));
  await world.store.set('assignment', id(2), controlPlaneAssignment(2));
  await world.store.set('node', id(1), node(1));
  await world.store.set('node', id(2), node(2, { addresses: ['10.0.0.2', OTHERS_FORMER] }));
  const membersAt = async (address: string) => {
    if (address !== OTHERS_FORMER) throw new RetryableError('etcd.unreachable', 'nobody there');
    return [{ id: '1', name: 'n1', peerUrls: [peerUrl], clientUrls: [], learner: false }];
  };
  const given = {
    certificates: { lacking: async () => [] },
    durable: { read: async () => host.move },
    etcd: { membersAt },
    files: { read: async () => host.manifest ?? MANIFEST },
    operations: { observe: async () => ({ phase: 'absent' }) },
  };
  return portsIn(world, given as unknown as Partial<Ports>);
}

test.each([
  { peerUrl: 'https://10.0.0.1:2380', listed: 'here' },
  { peerUrl: `https://${FORMER}:2380`, listed: 'elsewhere' },
])(
  'a member listed at $peerUrl is $listed, also by an etcd that listens at the second address of its host',
  async ({ peerUrl, listed }) => {
    const moved = await observeControlPlane(await portsOfMoved(peerUrl), undefined, {
      ...NO_MEMORY,
    });
    expect(moved).toMatchObject({ former: FORMER, isEnrolled: true, listed });
  },
);

test.each([
  {
    whose: 'this control plane',
    becomes: 'is brought to its end',
    operationId: controlPlaneAssignment(1).operationId,
    former: FORMER,
  },
  {
    whose: 'one that this host was before',
    becomes: 'is over',
    operationId: 'join-before',
    former: undefined,
  },
])('a move that was begun for $whose $becomes', async ({ operationId, former }) => {
  const here = '    - --advertise-address=10.0.0.1\n';
  const host = { manifest: here, move: { former: FORMER, operationId } };
  const ports = await portsOfMoved('https://10.0.0.1:2380', host);
  const moved = await observeControlPlane(ports, undefined, { ...NO_MEMORY });
  expect(moved?.former).toBe(former);
});

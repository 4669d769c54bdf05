import { expect, test } from '@jest/globals';
import { createEnrolment } from '../../../src/controllers/enrolment/controller.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { HostFiles } from '../../../src/ports/host-files.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { id, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

const ONE_MINUTE_MS = 60_000;

/** Ports of a host on which a pod uses a local volume, none does, or nobody can tell, as was last set. */
function hostIn(world: World) {
  const kubelet: { volumes: readonly string[] | 'unreadable' } = { volumes: [] };
  const list: HostFiles['list'] = async (folder) => {
    if (folder === '/var/lib/kubelet/pods') return ['pod'];
    if (kubelet.volumes === 'unreadable')
      throw new RetryableError('files.failed', 'the disk fails');
    return folder.endsWith('/volumes/kubernetes.io~local-volume') ? kubelet.volumes : [];
  };
  return { kubelet, ports: portsIn(world, { files: { list } as HostFiles }) };
}

test('a node enrols once and is left alone afterwards', async () => {
  const world = createWorld();
  const { ports } = hostIn(world);
  const enrolment = createEnrolment();
  expect(await reconcile(enrolment, ports)).toEqual({ actionsDone: 1, requeue: undefined });
  expect(world.store.get('node', id(1))?.value).toEqual(node(1));
  expect(await reconcile(enrolment, ports)).toEqual({ actionsDone: 0, requeue: undefined });
});

test('a newcomer under the name of a living node is refused and the first stays untouched', async () => {
  const world = createWorld();
  await world.store.set('node', id(2), node(2, { hostname: 'n1' }));
  world.leases = [{ nodeId: id(2), incarnation: 1, ageMs: 0 }];
  const { requeue } = await reconcile(createEnrolment(), hostIn(world).ports);
  expect(requeue?.waiting?.reason).toBe('twin-node');
  expect(world.store.list('node').map(({ value }) => value)).toEqual([node(2, { hostname: 'n1' })]);
});

test('a node tells of local volumes once pods have used them for five minutes on end, and takes it back likewise', async () => {
  const world = createWorld();
  await world.store.set('node', id(1), node(1));
  const { kubelet, ports } = hostIn(world);
  const enrolment = createEnrolment();

  /** What the node tells after each of so many looks, a minute apart. */
  async function told(looks: number, volumes: typeof kubelet.volumes): Promise<readonly boolean[]> {
    kubelet.volumes = volumes;
    const all: boolean[] = [];
    for (let look = 0; look < looks; look += 1) {
      await reconcile(enrolment, ports);
      all.push(world.store.get('node', id(1))?.value.localVolumes === true);
      world.nowMs += ONE_MINUTE_MS;
    }
    return all;
  }

  const [no, yes] = [false, true];
  expect([
    await told(5, ['data']),
    await told(1, []),
    await told(5, ['data']),
    await told(1, 'unreadable'),
    await told(6, ['data']),
    await told(5, []),
    await told(1, 'unreadable'),
    await told(6, []),
  ]).toEqual([
    [no, no, no, no, no],
    [no],
    [no, no, no, no, no],
    [no],
    [no, no, no, no, no, yes],
    [yes, yes, yes, yes, yes],
    [yes],
    [yes, yes, yes, yes, yes, no],
  ]);
  expect(world.store.get('node', id(1))?.value).toEqual(node(1));
});

import { describe, expect, test } from '@jest/globals';
import { presentDigest } from '../../../src/controllers/host-upkeep/reconfigure/installed-digest.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  operation,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';
import type { FakeStore } from '../../support/controllers-store.ts';

function spec(maxPods: number) {
  const kubeadm = { kubeletConfiguration: { maxPods } };
  return clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', kubeadm });
}

const OLD = spec(50);
const NEW = spec(60);
const NONE = {
  kubelet: null,
  apiServer: null,
  controllerManager: null,
  scheduler: null,
  etcd: null,
  cluster: null,
};

function digest(of: typeof OLD, role: 'control-plane' | 'worker'): string {
  return configurationDigest(of.kubeadm, role);
}

/** n1 installs as it was asked, and people edit the spec before or after that. */
async function install(store: FakeStore, asked: Assignment, edited: 'before' | 'after' | 'never') {
  const { operationId } = asked;
  const first = await store.set('spec', 'current', OLD);
  const edit = async () => {
    const edition = { revision: first, spec: OLD, replacedWallMs: 0 };
    await store.set('edition', String(first), edition);
    await store.set('spec', 'current', NEW);
  };
  if (edited === 'before') await edit();
  await store.set('assignment', id(1), asked);
  await store.set('operation', operationId, operation(1, { operationId }));
  if (edited === 'after') await edit();
}

/** n2 is a control plane that tells of this configuration. */
async function another(store: FakeStore, configurationDigest: string | null): Promise<void> {
  await store.set('assignment', id(2), controlPlaneAssignment(2));
  const upkeep = { nodeId: id(2), incarnation: 1, parts: NONE, prepared: [], work: null };
  await store.set('upkeep', id(2), { ...upkeep, configurationDigest });
}

describe('what a host was brought to', () => {
  test.each([
    ['never', digest(OLD, 'control-plane')],
    ['before', digest(NEW, 'control-plane')],
    ['after', digest(OLD, 'control-plane')],
  ] as const)(
    'is the spec of its time, for who founded the cluster: edited %s',
    async (edited, is) => {
      const world = createWorld();
      await install(world.store, initAssignment(1), edited);
      expect(presentDigest(portsIn(world), undefined)).toBe(is);
    },
  );

  test.each([
    ['nobody told', null, undefined],
    ['the control planes have yet to take the edit up', OLD, digest(OLD, 'worker')],
    ['a control plane took the edit up', NEW, digest(NEW, 'worker')],
  ] as const)('is what the control planes have, for who joined: %s', async (_when, has, is) => {
    const world = createWorld();
    await install(world.store, assignment(1), 'before');
    await another(world.store, has && digest(has, 'control-plane'));
    expect(presentDigest(portsIn(world), undefined)).toBe(is);
  });

  test('is what was said of it, as long as its role is the same', async () => {
    const world = createWorld();
    await install(world.store, assignment(1), 'after');
    await another(world.store, digest(NEW, 'control-plane'));
    expect(presentDigest(portsIn(world), digest(OLD, 'worker'))).toBe(digest(OLD, 'worker'));
    expect(presentDigest(portsIn(world), 'of long ago')).toBe('of long ago');
  });

  test.each([
    [controlPlaneAssignment(1), 'worker', 'control-plane'],
    [assignment(1, { task: 'demote' }), 'control-plane', 'worker'],
  ] as const)('is told anew after a change of its role: %#', async (asked, before, after) => {
    const world = createWorld();
    await install(world.store, asked, 'after');
    await another(world.store, digest(NEW, 'control-plane'));
    expect(presentDigest(portsIn(world), digest(OLD, before))).toBe(digest(OLD, after));
  });

  test('is nothing new for who stands by', async () => {
    const world = createWorld();
    await install(world.store, assignment(1, { role: 'spare', task: 'stand-by' }), 'never');
    expect(presentDigest(portsIn(world), undefined)).toBeUndefined();
  });
});

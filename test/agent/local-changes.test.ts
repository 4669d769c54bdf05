import { describe, expect, test } from '@jest/globals';
import { localChanges } from '../../src/agent/local-changes.ts';
import type { Store, StoreHandle } from '../../src/ports/store.ts';
import type { Problem } from '../../src/state/log-copy.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  liveness,
  node,
  spec,
} from '../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../support/controllers-ports.ts';
import { letServe } from '../support/people-asks.ts';
import { plan } from '../support/why-entries.ts';

interface Around {
  readonly synced?: boolean;
  readonly problems?: readonly Problem[];
  /** Numbers of nodes. */
  readonly missed?: readonly number[];
}

/** On the machine of n1. */
const bundleFiles = new Map<string, { bytes: number }>();

/** The agent of n1, asked by people. */
function changesIn(world: World, { synced = true, problems = [], missed = [] }: Around = {}) {
  const { clock, leadership, self } = portsIn(world);
  const { store: log } = world;
  const store: Store & Pick<StoreHandle, 'problems'> = {
    synced,
    problems: () => problems,
    get: (kind, key) => log.get(kind, key),
    list: (kind) => log.list(kind),
    put: (kind, key, value, ifRevision) => log.put(kind, key, value, ifRevision),
    remove: (kind, key) => log.remove(kind, key),
    onChange: () => log.onChange(),
  };
  const changes = localChanges({
    clock,
    self,
    expectedNodes: 3,
    bundleFiles: { find: async (sha256) => bundleFiles.get(sha256) },
    log: () => ({ store, leadership, observers: { missed: () => new Set(missed.map(id)) } }),
  });
  return (path: string, body: unknown = {}) =>
    Object.entries(changes)
      .find(([each]) => each === path)?.[1](body)
      .catch(({ code, message }: { code: string; message: string }) => `${message} [${code}]`);
}

/** n1, n2, n3 are control planes; n4 is a worker. */
async function cluster(): Promise<World> {
  const world = Object.assign(createWorld(), { nowMs: 1_000 });
  const given = [
    initAssignment(1),
    controlPlaneAssignment(2),
    controlPlaneAssignment(3),
    assignment(4),
  ];
  await world.store.set('spec', 'current', spec());
  await letServe(world, given);
  return world;
}

const summaries = ({ store }: World) => store.list('event').map(({ value }) => value.summary);

describe('people edit the spec', () => {
  const document = { kubernetesVersion: 'v1.34.4', controlPlanes: 5 };

  test('and it is acknowledged with the revision that the log gave it', async () => {
    const world = await cluster();
    const answer = await changesIn(world)('/v1/spec', { document, dryRun: false });
    const written = world.store.get('spec', 'current');
    expect(written?.value.controlPlanes).toBe(5);
    expect(answer).toEqual({
      revision: written?.revision,
      changes: [{ field: 'controlPlanes', before: 3, after: 5 }],
      wordingKept: true,
    });
    expect(summaries(world)).toEqual(['the spec was changed: controlPlanes: 3 → 5']);
  });

  test.each([
    { when: 'it was only to be judged', ask: { document, dryRun: true } },
    {
      when: 'nothing differs',
      ask: { document: { kubernetesVersion: 'v1.34.4' }, dryRun: false },
    },
  ])('and nothing is written when $when', async ({ ask }) => {
    const world = await cluster();
    const before = world.store.revision;
    expect(await changesIn(world)('/v1/spec', ask)).toMatchObject({ revision: 1 });
    expect(world.store.revision).toBe(before);
  });

  test('but not over an edit that they have not read', async () => {
    const world = await cluster();
    await world.store.set('spec', 'current', spec({ size: 4 }));
    const ask = { document, dryRun: false, ifRevision: 1 };
    expect(await changesIn(world)('/v1/spec', ask)).toBe(
      'The spec was changed by somebody else, from revision 1 to 18 (yours says controlPlanes: 3 → 5, size: 4 → (not set)): read it again with `civitas get spec` and apply your change to that. [apply.conflict]',
    );
  });

  test('nor over one that lands while theirs is on its way, of which no event tells', async () => {
    const world = await cluster();
    const put = world.store.put.bind(world.store);
    world.store.put = async (kind, key, value, ifRevision) => {
      if (kind === 'event') await put('spec', 'current', spec({ size: 4 }), 1);
      return put(kind, key, value, ifRevision);
    };
    expect(await changesIn(world)('/v1/spec', { document, dryRun: false })).toMatch(
      /from revision 1 to 18 \(yours says controlPlanes: 3 → 5, size: 4 → \(not set\)\)/,
    );
    expect(world.store.get('spec', 'current')?.value.size).toBe(4);
    expect(summaries(world)).toEqual([]);
  });

  test.each([
    { document: { ...document, size: 3 }, names: 'size is 3, less than controlPlanes' },
    { document: { ...document, sise: 3 }, names: 'sise is no field of the spec' },
    { document: { ...document, kubernetesVersion: 'v1.99.0' }, names: 'which is not supported' },
    { document: { ...document, kubernetesVersion: 'v1.33.0' }, names: 'older than v1.34.4' },
    {
      document: { ...document, network: { podSubnet: '10.60.0.0/16' } },
      names: 'the cluster was founded with 10.244.0.0/16',
    },
    {
      document: { ...document, replacement: { maxUnhealthy: 0, policy: 'approve' } },
      names: 'nothing is ever replaced, but replacement.policy is approve',
    },
    {
      document: {
        ...document,
        kubeadm: { clusterConfiguration: { kubernetesVersion: 'v1.33.0' } },
      },
      names: 'kubeadm.clusterConfiguration.kubernetesVersion is not for people to set',
    },
  ])('and are refused where $names', async ({ document: wrong, names }) => {
    const world = await cluster();
    const before = world.store.revision;
    const answer = await changesIn(world)('/v1/spec', { document: wrong, dryRun: false });
    expect(answer).toContain('The spec is refused, judged at revision 1: ');
    expect(answer).toContain(names);
    expect(world.store.revision).toBe(before);
  });

  test('never the first one, which the founding writes', async () => {
    const world = createWorld();
    expect(await changesIn(world)('/v1/spec', { document, dryRun: false })).toMatch(
      /\[change\.no-spec\]$/,
    );
  });
});

describe('people ask for a node to leave', () => {
  test('and the request stands in the log once, with an event', async () => {
    const world = await cluster();
    const ask = changesIn(world);
    const first = await ask('/v1/leave');
    const request = world.store.get('request', id(1));
    expect(request?.value).toEqual({
      type: 'leave',
      nodeId: id(1),
      incarnation: 1,
      askedWallMs: 1_000,
    });
    expect(first).toEqual({ revision: request?.revision, summary: 'n1 was asked to leave' });
    expect(await ask('/v1/leave')).toEqual(first);
    expect(summaries(world)).toEqual(['n1 was asked to leave']);
  });

  test('and a request of its former life does not count', async () => {
    const world = await cluster();
    const former = { type: 'leave', nodeId: id(1), incarnation: 1, askedWallMs: 0 } as const;
    await world.store.set('node', id(1), node(1, { incarnation: 2 }));
    await world.store.set('request', id(1), former);
    expect(await changesIn(world)('/v1/leave')).toMatchObject({
      summary: 'n1 was asked to leave',
    });
    expect(world.store.get('request', id(1))?.value.incarnation).toBe(2);
  });

  test('and nothing is written when the cluster could not do without it', async () => {
    const world = await cluster();
    await world.store.set('liveness', id(2), liveness(2, { verdict: 'dead' }));
    const before = world.store.revision;
    expect(await changesIn(world)('/v1/leave')).toMatch(/\[leave\.breaks-quorum\]$/);
    expect(world.store.revision).toBe(before);
  });

  test('and whoever is missed, before anybody judged, counts as unhealthy', async () => {
    const world = await cluster();
    expect(await changesIn(world, { missed: [2] })('/v1/leave')).toMatch(
      /without n1 etcd would have 1 healthy voters of 2 .*\[leave\.breaks-quorum\]$/,
    );
  });

  test('and one that is not enrolled has nothing to leave', async () => {
    expect(await changesIn(createWorld())('/v1/leave')).toMatch(/\[leave\.not-enrolled\]$/);
  });
});

describe('people approve a plan', () => {
  async function planned(): Promise<World> {
    const world = await cluster();
    await world.store.set('liveness', id(2), liveness(2, { verdict: 'dead' }));
    await world.store.set('plan', 'replace-n2-30', plan('replace-n2-30'));
    return world;
  }

  test('once, with an event, and approvals of plans that are gone go', async () => {
    const world = await planned();
    const settled = { planId: 'replace-n3-10', approvedWallMs: 1 };
    await world.store.set('approval', settled.planId, settled);
    const ask = changesIn(world);
    const first = await ask('/v1/approve', { planId: 'replace-n2-30' });
    expect(world.store.list('approval').map(({ key, value }) => ({ key, value }))).toEqual([
      { key: 'replace-n2-30', value: { planId: 'replace-n2-30', approvedWallMs: 1_000 } },
    ]);
    expect(await ask('/v1/approve', { planId: 'replace-n2-30' })).toEqual(first);
    expect(summaries(world)).toEqual([
      'the plan replace-n2-30 was approved: n2 is dead, n4 takes its place',
    ]);
  });

  test.each([
    { body: { planId: 'replace-n2-10' }, code: 'plan.unknown' },
    { body: { planId: 'Replace!' }, code: 'agent.bad-request' },
    { body: 'replace-n2-30', code: 'agent.bad-request' },
  ])('but not $body', async ({ body, code }) => {
    const world = await planned();
    const before = world.store.revision;
    expect(await changesIn(world)('/v1/approve', body)).toContain(`[${code}]`);
    expect(world.store.revision).toBe(before);
  });
});

describe('nothing is changed', () => {
  test.each([
    { when: 'the log does not answer', around: { synced: false }, code: 'change.no-log' },
    {
      when: 'the log holds what only a newer release can read',
      around: { problems: [{ path: 'node.x', revision: 3, message: 'The log is newer.' }] },
      code: 'change.newer-log',
    },
  ])('while $when', async ({ around, code }) => {
    const world = await cluster();
    const ask = changesIn(world, around);
    for (const path of ['/v1/leave', '/v1/approve', '/v1/spec']) {
      expect(await ask(path)).toContain(`[${code}]`);
    }
    expect(world.store.list('event')).toEqual([]);
  });
});

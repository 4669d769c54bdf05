import { beforeEach, expect, test } from '@jest/globals';
import { assignment, initAssignment } from '../support/controllers-entries.ts';
import type { World } from '../support/controllers-ports.ts';
import { askIn, letServe, worldWithSpec } from '../support/people-asks.ts';

let world: World;

/** n1 is the only control plane, n2 a worker. */
beforeEach(async () => {
  world = await worldWithSpec();
  await letServe(world, [initAssignment(1), assignment(2)]);
});

const spec = (change: object) => ({
  document: { kubernetesVersion: 'v1.34.4', ...change },
  dryRun: false,
});

test.each([
  ['/v1/leave', {}, 'leave.last-control-plane'],
  ['/v1/stay', { node: 'n2' }, 'leave.not-asked'],
  ['/v1/stay', { node: 'n9' }, 'leave.unknown-node'],
  ['/v1/drain', { node: 'n1' }, 'drain.last-control-plane'],
  ['/v1/drain', { node: 'n9' }, 'drain.unknown-node'],
  ['/v1/uncordon', { node: 'n2' }, 'drain.not-requested'],
  ['/v1/approve', { planId: 'replace-aaaaaaaaaaa-1' }, 'plan.unknown'],
  ['/v1/hold', { word: 'pause' }, 'plan.none-under-way'],
  ['/v1/hold', { word: 'pause', planId: 'upgrade-1' }, 'plan.unknown'],
  ['/v1/spec', spec({ replacement: { policy: 'approve', maxUnhealthy: 0 } }), 'spec.refused'],
  ['/v1/spec', spec({ upgrade: { policy: 'window' } }), 'spec.refused'],
  ['/v1/spec', spec({ replacement: { promotion: 'somehow' } }), 'spec.refused'],
  ['/v1/spec', spec({ size: 1 }), 'spec.refused'],
])('%s of %j is refused as %s, with the revision it was judged at', async (path, body, code) => {
  const before = world.store.revision;
  const answer = await askIn(world)(path, body);
  expect(answer).toMatch(new RegExp(`\\[${code}\\]$`));
  expect(answer).toMatch(/ at revision \d+/);
  expect(world.store.revision).toBe(before);
});

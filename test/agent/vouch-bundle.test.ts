import { describe, expect, test } from '@jest/globals';
import { vouchBundle } from '../../src/agent/changes/vouch-bundle.ts';
import type { BundleManifest } from '../../src/state/bundle.ts';
import { createWorld, portsIn } from '../support/controllers-ports.ts';

const SUM = '0'.repeat(64);
const MANIFEST: BundleManifest = {
  bundle: 1,
  version: 'v1.34.9',
  arch: 'amd64',
  files: [{ type: 'program', name: 'kubeadm', bytes: 7, sha256: SUM }],
};

/** The agent of n1, on whose machine these files are. */
function vouchIn(files: Readonly<Record<string, number>>) {
  const world = Object.assign(createWorld(), { nowMs: 1_000 });
  const ports = { ...portsIn(world), missed: new Set<string>() };
  const find = async (sha256: string) => {
    const bytes = files[sha256];
    return bytes === undefined ? undefined : { bytes };
  };
  return { world, vouch: (body: unknown) => vouchBundle(body, ports, { find }) };
}

describe('a bundle', () => {
  test('is vouched for by the log, with the node that has it, and an event', async () => {
    const { world, vouch } = vouchIn({ [SUM]: 7 });
    const { summary, revision } = await vouch(MANIFEST);
    expect(world.store.get('bundle', 'v1.34.9/amd64')).toMatchObject({
      revision,
      value: { ...MANIFEST, loadedBy: portsIn(world).self.nodeId },
    });
    expect(summary).toBe('the bundle of v1.34.9 for amd64 was loaded: kubeadm');
    expect(world.store.list('event').map(({ value }) => value.summary)).toEqual([summary]);
  });

  test('that the log has already changes nothing', async () => {
    const { world, vouch } = vouchIn({ [SUM]: 7 });
    const first = await vouch(MANIFEST);
    expect(await vouch(MANIFEST)).toEqual(first);
    expect(world.store.list('event')).toHaveLength(1);
  });

  test('takes the place of an earlier one of its release', async () => {
    const other = '1'.repeat(64);
    const { world, vouch } = vouchIn({ [SUM]: 7, [other]: 7 });
    await vouch(MANIFEST);
    world.nowMs += 1;
    const files = MANIFEST.files.map((file) => ({ ...file, sha256: other }));
    await vouch({ ...MANIFEST, files });
    expect(world.store.list('bundle').map(({ value }) => value.files)).toEqual([files]);
  });

  test.each([
    { what: 'is not there', files: {} },
    { what: 'has another size', files: { [SUM]: 8 } },
  ])('of which a file $what is not vouched for', async ({ files }) => {
    const { world, vouch } = vouchIn(files);
    await expect(vouch(MANIFEST)).rejects.toMatchObject({ code: 'bundle.not-here' });
    expect(world.store.list('bundle')).toEqual([]);
  });

  test.each([
    { what: 'a later form', body: { ...MANIFEST, bundle: 2 } },
    { what: 'a file outside', body: { ...MANIFEST, files: [{ name: '../x' }] } },
    { what: 'no files', body: { ...MANIFEST, files: [] } },
  ])('of $what is not understood', async ({ body }) => {
    await expect(vouchIn({ [SUM]: 7 }).vouch(body)).rejects.toMatchObject({
      code: 'agent.bad-request',
    });
  });
});

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEMO_MIRROR, DEMO_MIRROR_URL } from '../../../src/cli/demo/demo-mirror.ts';
import { writeDemoToken } from '../../../src/cli/demo/demo-token.ts';
import { decodeToken } from '../../../src/state/token.ts';
import { simulatedBench } from '../../simulation/simulated-bench.ts';
import { inNewFolder } from '../../support/process-folder.ts';

/** The spec that a demo begins with. */
async function demoSpec() {
  return inNewFolder(async (folder) => {
    const file = join(folder, 'token');
    await writeDemoToken(file, 3);
    const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
    return decodeToken((await readFile(file, 'utf8')).trim(), sha256).spec;
  });
}

test.each([
  { version: 'v1.34.5', ends: 'done' },
  { version: 'v1.35.1', ends: 'done' },
  { version: 'v1.36.0', ends: 'failed' },
])('by the spec of the demo a machine is $ends with obtaining $version', async (each) => {
  const { world, host, clock } = simulatedBench({ hosts: 1 });
  const { releases } = host(0).ports;
  world.setMirror(DEMO_MIRROR_URL, DEMO_MIRROR);
  const { url = null, sha256 } = (await demoSpec()).binaries;
  const { version } = each;
  await releases.obtain({ version, url, sha256, bundles: [], peers: [] });
  await clock.advance(10_000);
  expect(await releases.progress(version)).toMatchObject({ phase: each.ends });
});

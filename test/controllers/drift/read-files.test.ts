import { describe, expect, test } from '@jest/globals';
import { type ReadFiles, readFiles } from '../../../src/controllers/drift/read-files.ts';
import { simulatedBench } from '../../simulation/simulated-bench.ts';

const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';
const UNIT = '/etc/systemd/system/kubelet.service';
const PATHS = [MANIFEST, UNIT];
const LOOK_MS = 10_000;

/** A host with a manifest and no unit, looked at every ten seconds. */
async function watchedHost() {
  const { clock, host } = simulatedBench({ hosts: 1 });
  const { files } = host(0).ports;
  let read: ReadFiles = new Map();
  let reads = 0;
  const counting = {
    ...files,
    read(path: string) {
      reads += 1;
      return files.read(path);
    },
  };
  await files.write(MANIFEST, 'first', 0o600);
  return {
    files,
    pass: (ms: number) => clock.advance(ms),
    /** What is known of both, and how many files were read for that. */
    async look() {
      reads = 0;
      read = await readFiles({ clock, files: counting }, PATHS, read);
      return { known: PATHS.map((path) => read.get(path)?.content), reads };
    },
  };
}

describe('files that are looked at again and again', () => {
  test('are read twice, and then no more as long as nobody touches them', async () => {
    const { look, pass } = await watchedHost();
    const reads: number[] = [];
    for (let number = 0; number < 5; number += 1) {
      reads.push((await look()).reads);
      await pass(LOOK_MS);
    }
    expect(reads).toEqual([1, 1, 0, 0, 0]);
    expect((await look()).known).toEqual(['first', undefined]);
  });

  test.each<{
    readonly what: string;
    readonly change: (files: Awaited<ReturnType<typeof watchedHost>>['files']) => Promise<void>;
    readonly known: readonly (string | undefined)[];
  }>([
    {
      what: 'one that is as long as before',
      change: (files) => files.write(MANIFEST, 'other', 0o600),
      known: ['other', undefined],
    },
    {
      what: 'one that is gone',
      change: (files) => files.remove(MANIFEST),
      known: [undefined, undefined],
    },
    {
      what: 'one that was not there',
      change: (files) => files.write(UNIT, 'unit', 0o644),
      known: ['first', 'unit'],
    },
    {
      what: 'one that took its place',
      change: async (files) => {
        await files.write('/other', 'third', 0o600);
        await files.move('/other', MANIFEST);
      },
      known: ['third', undefined],
    },
  ])('show a change by hand at the next look: $what', async ({ change, known }) => {
    const { files, look, pass } = await watchedHost();
    for (let number = 0; number < 3; number += 1) {
      await look();
      await pass(LOOK_MS);
    }
    await change(files);
    expect((await look()).known).toEqual(known);
  });

  test('show one that was made in the same instant as the one before', async () => {
    const { files, look, pass } = await watchedHost();
    expect((await look()).known).toEqual(['first', undefined]);
    await files.write(MANIFEST, 'other', 0o600);
    await look();
    await pass(LOOK_MS);
    expect((await look()).known).toEqual(['other', undefined]);
  });
});

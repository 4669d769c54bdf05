import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openDurableFiles } from '../../src/adapters/durable-files.ts';
import { CivitasError } from '../../src/errors.ts';
import type { Durable } from '../../src/ports/durable.ts';
import { temporaryFolders } from './temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const schema = z.strictObject({ term: z.int(), voter: z.string() });
const value = { term: 7, voter: 'abcdefghij2' };

/** The value, `absent`, or the code of the error. */
async function outcome(durable: Durable, name = 'promise'): Promise<unknown> {
  try {
    return (await durable.read(name, schema)) ?? 'absent';
  } catch (error) {
    if (!(error instanceof CivitasError)) throw error;
    return error.code;
  }
}

async function written(): Promise<{ folder: string; durable: Durable; content: Buffer }> {
  const folder = await temporaryFolder();
  const durable = await openDurableFiles(folder);
  await durable.write('promise', value);
  return { folder, durable, content: await readFile(join(folder, 'promise')) };
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('durable files', () => {
  test('what was written is read, also after a restart', async () => {
    const { folder, durable } = await written();
    expect(await outcome(durable)).toEqual(value);
    expect(await outcome(await openDurableFiles(folder))).toEqual(value);
  });

  test('what was never written is absent', async () => {
    const { durable } = await written();
    expect(await outcome(durable, 'other')).toBe('absent');
  });

  test('nobody but the owner may look', async () => {
    const folder = join(await temporaryFolder(), 'state');
    await mkdir(folder, { mode: 0o755 });
    const durable = await openDurableFiles(folder);
    await durable.write('promise', value);
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(folder, 'promise'))).toBe(0o600);
  });

  test('whichever byte is flipped, the value is neither read wrongly nor taken for absent', async () => {
    const { folder, durable, content } = await written();
    const outcomes = new Set<unknown>();
    for (let offset = 0; offset < content.length; offset += 1) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const flipped = Buffer.from(content);
        flipped[offset] = (flipped[offset] ?? 0) ^ bit;
        await writeFile(join(folder, 'promise'), flipped);
        outcomes.add(await outcome(durable));
      }
    }
    expect([...outcomes]).toEqual(['state.corrupted']);
  });

  test('cut off at any length, the value is neither read wrongly nor taken for absent', async () => {
    const { folder, durable, content } = await written();
    const outcomes = new Set<unknown>();
    for (let length = 0; length < content.length; length += 1) {
      await writeFile(join(folder, 'promise'), content.subarray(0, length));
      outcomes.add(await outcome(durable));
    }
    expect([...outcomes]).toEqual(['state.corrupted']);
  });

  test('a damaged file lies in quarantine, and the damage is not forgotten by a restart', async () => {
    const { folder, durable } = await written();
    await writeFile(join(folder, 'promise'), 'noise');
    await outcome(durable);
    const restarted = await openDurableFiles(folder);
    expect(await outcome(restarted)).toBe('state.corrupted');
    expect(await readFile(join(folder, 'quarantine', 'promise'), 'utf8')).toBe('noise');
  });

  test('the file of another name, or of another schema, is damaged, too', async () => {
    const { folder, durable, content } = await written();
    await writeFile(join(folder, 'other'), content);
    expect(await outcome(durable, 'other')).toBe('state.corrupted');
    await durable.write('third', { term: 'seven' });
    expect(await outcome(durable, 'third')).toBe('state.corrupted');
  });

  test('writing or removing the name ends the quarantine', async () => {
    const { folder, durable } = await written();
    await writeFile(join(folder, 'promise'), 'noise');
    await outcome(durable);
    await durable.write('promise', value);
    expect(await outcome(durable)).toEqual(value);
    await durable.remove('promise');
    expect(await outcome(durable)).toBe('absent');
  });

  test('of writes at one time the last one stays', async () => {
    const { durable } = await written();
    await Promise.all([8, 9, 10].map((term) => durable.write('promise', { ...value, term })));
    expect(await outcome(durable)).toEqual({ ...value, term: 10 });
  });

  test('what a power cut left half written is cleared away', async () => {
    const { folder } = await written();
    await writeFile(join(folder, '.promise.0a1b2c.tmp'), 'half');
    await openDurableFiles(folder);
    expect((await readdir(folder)).sort()).toEqual(['promise', 'quarantine']);
  });

  test('a folder that cannot be one is named', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(openDurableFiles(join(file, 'state'))).rejects.toMatchObject({
      code: 'state.disk',
      retryable: false,
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});

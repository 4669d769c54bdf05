import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { drawScenario } from '../../src/simulation/search/scenario.ts';
import { foundScenarios, keepFound } from './regressions.ts';

const KEPT = 'test/simulation/regressions.json';
const found = { run: drawScenario(7), showed: 'S1: two records' };
let folder: string;
let file: URL;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'civitas-regressions-'));
  file = pathToFileURL(join(folder, 'kept.json'));
  await copyFile(KEPT, file);
});

afterEach(() => rm(folder, { recursive: true }));

describe('what a search found', () => {
  test('is kept behind all that was found before', () => {
    expect(keepFound(found, file)).toBe(true);
    expect(foundScenarios(file)).toEqual([...foundScenarios(), found]);
  });

  test('is kept once', async () => {
    keepFound(found, file);
    const once = await readFile(file, 'utf8');
    expect(keepFound(found, file)).toBe(false);
    expect(await readFile(file, 'utf8')).toBe(once);
  });

  test('leaves what is kept already as it is written, to the last space', async () => {
    const before = await readFile(file, 'utf8');
    keepFound(found, file);
    const after = await readFile(file, 'utf8');
    expect(after.startsWith(before.trimEnd().slice(0, -1).trimEnd())).toBe(true);
  });
});

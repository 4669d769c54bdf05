import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { scenarioSchema } from '../../src/simulation/search/scenario.ts';

/** A run of the search, as small as it could be made. */
const foundSchema = z.strictObject({
  run: scenarioSchema,
  /** What went wrong, and why: at first as the search told it, then in words of who mended it. */
  showed: z.string(),
});

export type Found = z.infer<typeof foundSchema>;

const FILE = new URL('./regressions.json', import.meta.url);
/** Lists of names stand on one line, as the formatter of this repository wants them. */
const LIST_OF_NAMES = /\[\s+("[^[\]]*")\s+\]/g;

/** Scenarios in which the search once found something. They are run again with every test. */
export function foundScenarios(file: URL = FILE): readonly Found[] {
  return z.array(foundSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Adds one; false when that very run is kept already. What stands there stays as it was written. */
export function keepFound(found: Found, file: URL = FILE): boolean {
  if (foundScenarios(file).some(({ run }) => isDeepStrictEqual(run, found.run))) return false;
  const known = z.array(z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const text = JSON.stringify([...known, found], undefined, 2);
  writeFileSync(file, `${text.replace(LIST_OF_NAMES, onOneLine)}\n`);
  return true;
}

function onOneLine(list: string): string {
  return list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');
}

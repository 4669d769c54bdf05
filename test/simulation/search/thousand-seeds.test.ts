import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';

const TIMEOUT_MS = 600_000;
const SEEDS = process.env['CIVITAS_SEEDS'] ?? '1000';

/** As `npm run sim` does it: in threads of its own, so on all processors. */
function search(): Promise<{ readonly exitCode: number; readonly output: string }> {
  const words = ['sim/main.ts', '--seeds', SEEDS, '--no-keep'];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, words, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, output: `${stderr}${stdout}` });
    });
  });
}

test(
  `whatever fails in ${SEEDS} runs breaks no invariant, and agents die at every fail point`,
  async () => {
    const { exitCode, output } = await search();
    const failures = output.split('\n').filter((line) => /FAILED|Error/.test(line));
    expect({ exitCode, failures }).toEqual({ exitCode: 0, failures: [] });
  },
  TIMEOUT_MS,
);

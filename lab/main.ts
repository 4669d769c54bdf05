import { CommanderError } from 'commander';
import { CivitasError } from '../src/errors.ts';
import { LabError } from './lab-error.ts';
import { labProgram } from './program.ts';
import { say } from './progress.ts';

const USAGE = 2;

try {
  await labProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own words by now; help that was asked for is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (!(error instanceof LabError || error instanceof CivitasError)) throw error;
  say(error.message);
  return 1;
}

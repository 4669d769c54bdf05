import { TerminalError } from '../errors.ts';

/** Says that a clean departure is not in this release; exit code 2. */
export function leave(): never {
  throw new TerminalError(
    'cli.leave-not-available',
    '`civitas leave` is not in this release: to take a node out, drain it, delete its Node and switch it off.',
  );
}

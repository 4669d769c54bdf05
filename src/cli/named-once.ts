import { TerminalError } from '../errors.ts';

/** What an option names, by name. TerminalError `cli.repeated-option` when it names something twice. */
export function namedOnce<T>(
  option: string,
  pairs: readonly (readonly [string, T])[],
): Record<string, T> {
  const names = pairs.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return Object.fromEntries(pairs);
  throw new TerminalError(
    'cli.repeated-option',
    `${option} names ${repeated} more than once: name it once.`,
  );
}

import { Option } from 'commander';

/** Where an agent keeps its state unless told otherwise. */
export const DEFAULT_STATE_DIR = '/var/lib/civitas';

/** `-o`; the first format is the default. */
export function outputOption(formats: readonly [string, ...string[]]): Option {
  return new Option('-o, --output <format>').choices(formats).default(formats[0]);
}

/** What stands below the options of `--help`. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

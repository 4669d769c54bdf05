import type { Command, Option } from 'commander';
import { TerminalError } from '../errors.ts';

/**
 * Has every command of the tree refuse an option that takes one value and is given twice, as commander
 * lets the last one win without a word. They throw TerminalError `cli.repeated-option`.
 */
export function refuseRepeatedOptions(command: Command): void {
  const single = command.options.filter(
    ({ variadic, required, optional }) => !variadic && (required || optional),
  );
  for (const option of single) onlyOnce(command, option);
  for (const each of command.commands) refuseRepeatedOptions(each);
}

function onlyOnce(command: Command, option: Option): void {
  const { parseArg } = option;
  const name = option.attributeName();
  option.argParser<unknown>((text, before) => {
    if (command.getOptionValueSource(name) !== 'cli')
      return parseArg ? parseArg(text, before) : text;
    throw new TerminalError(
      'cli.repeated-option',
      `${option.long} is given twice, as ${before} and ${text}: say it once.`,
    );
  });
}

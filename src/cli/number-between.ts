import { TerminalError } from '../errors.ts';

/** The whole number that was typed for an option. TerminalError `cli.bad-number` for anything else. */
export function numberBetween(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
  throw new TerminalError(
    'cli.bad-number',
    `${option} ${text} is wrong: say a whole number from ${least} to ${most}.`,
  );
}

import { TerminalError } from '../../errors.ts';

/** A plan that can not be carried out; the sentence names the option and the cure. */
export function badOption(sentence: string): TerminalError {
  return new TerminalError('cli.bad-plan', sentence);
}

import { spawn } from 'node:child_process';
import { TerminalError } from '../../errors.ts';

/** POSIX sh: the command was not found, or can not be run. */
const CAN_NOT_RUN: readonly (number | null)[] = [126, 127];

/**
 * Runs $VISUAL, else $EDITOR, else vi, with the terminal of this command, until it ends. Either may
 * have options of its own, `code --wait`. TerminalError `edit.no-editor`, `edit.editor-failed`.
 */
export async function runEditor(
  { VISUAL, EDITOR }: Readonly<Record<string, string | undefined>>,
  file: string,
): Promise<void> {
  const editor = VISUAL || EDITOR || 'vi';
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  // Ctrl-C is the editor's as long as it has the terminal.
  process.on('SIGINT', ignore);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => process.off('SIGINT', ignore));
  if (exitCode === 0) return;
  if (CAN_NOT_RUN.includes(exitCode)) {
    throw new TerminalError(
      'edit.no-editor',
      `The editor ${editor} can not be run: set VISUAL or EDITOR to one that can.`,
    );
  }
  throw new TerminalError(
    'edit.editor-failed',
    `The editor ${editor} ended with exit code ${exitCode}, so nothing was asked for: edit again.`,
  );
}

function ignore(): void {}

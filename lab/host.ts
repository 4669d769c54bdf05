import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa, type Options } from 'execa';
import { LabError } from './lab-error.ts';

/** Runs a program of this machine and returns its standard output; any other exit code than 0 throws. */
export async function host(
  file: string,
  args: readonly string[],
  options: Pick<Options, 'cwd' | 'env' | 'input'> = {},
): Promise<string> {
  const result = await execa(file, args, { ...options, reject: false });
  if (result.exitCode === 0) return String(result.stdout);
  const reason = lastLine(String(result.stderr)) || result.originalMessage || 'it said nothing';
  throw new LabError(`\`${[file, ...args].join(' ')}\` failed: ${reason}`);
}

/** The same, for work that must not go on behind the back of the next command when this one is killed. */
export async function hostWhileAlive(
  file: string,
  args: readonly string[],
  options: Pick<Options, 'cwd' | 'env'> = {},
): Promise<string> {
  return host('setpriv', ['--pdeathsig', 'KILL', file, ...args], options);
}

/** Where PATH has this program, if anywhere. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders.filter((each) => each !== '')) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** True when the file is there and may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** True when something of this name exists. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

import { join } from 'node:path';
import { execa } from 'execa';
import { exists } from './host.ts';
import { LabError } from './lab-error.ts';
import { machineFolder } from './machine-disk.ts';
import { machineNumber } from './machine-name.ts';

/** Prints the journal of a machine's agent, read from its disk; returns journalctl's exit code. */
export async function logs(name: string, follow: boolean): Promise<number> {
  machineNumber(name);
  const journal = join(machineFolder(name), 'root/var/log/journal');
  if (!(await exists(journal)))
    throw new LabError(`${name} has no journal: \`lab up ${name}\` makes it`);
  const args = [
    `--directory=${journal}`,
    '--unit=civitas',
    '--no-pager',
    ...(follow ? ['--follow'] : []),
  ];
  const { exitCode } = await execa('journalctl', args, { stdio: 'inherit', reject: false });
  return exitCode ?? 1;
}

import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { z } from 'zod';
import { machineFolder } from '../../../lab/machine-disk.ts';

const lineSchema = z.object({
  __REALTIME_TIMESTAMP: z.coerce.number(),
  MESSAGE: z.string(),
  _COMM: z.literal('systemd'),
});

/**
 * Calls back with each line that the service manager of a machine says of its units from now on, until
 * the signal. The journal is read on its disk, so that nothing runs in the machine.
 */
export async function followUnits(
  machine: string,
  signal: AbortSignal,
  onLine: (text: string, wallMs: number) => Promise<void>,
): Promise<void> {
  const journal = `${machineFolder(machine)}/root/var/log/journal`;
  const args = ['--follow', '--lines=0', '--output=json', `--directory=${journal}`];
  const child = execa('journalctl', args, { reject: false, buffer: false });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  for await (const text of createInterface({ input: child.stdout })) {
    const { data } = lineSchema.safeParse(JSON.parse(text));
    if (data) await onLine(data.MESSAGE, data.__REALTIME_TIMESTAMP / 1_000);
  }
  await child;
}

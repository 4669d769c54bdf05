import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TerminalError } from '../errors.ts';

const MACHINE_ID = /^[0-9a-f]{32}$/;
const MACHINE_ID_FILE = '/etc/machine-id';

/**
 * SHA-256 of `civitas` and the machine id, hexadecimal: the same machine, told without its id,
 * which machine-id(5) asks to keep confidential. TerminalError `host.no-machine-id`.
 */
export async function machineIdHash(file: string = MACHINE_ID_FILE): Promise<string> {
  const machineId = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (!MACHINE_ID.test(machineId)) {
    throw new TerminalError(
      'host.no-machine-id',
      `The file ${file} holds no machine id: run \`systemd-machine-id-setup\`.`,
    );
  }
  return createHash('sha256').update(`civitas${machineId}`).digest('hex');
}

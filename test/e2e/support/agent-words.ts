import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf } from '../../../lab/cgroups.ts';
import { machineFolder } from '../../../lab/machine-disk.ts';
import { run } from './machines.ts';

const FILE = '/var/log/civitas-words.log';
/** systemd-journald tells whoever follows it of a line up to 250 ms later; a file is there at once. */
const DROP_IN = `[Service]
StandardOutput=append:${FILE}
StandardError=journal
`;
const FOLDER = '/etc/systemd/system/civitas.service.d';
const LOOK_MS = 5;
const AGENT = /main\.js\0join\0/;

/** Lets the agent of a machine write its log into a file of its own instead of the journal; it starts anew. */
export async function writeWords(machine: string): Promise<void> {
  const script = `mkdir -p ${FOLDER}; cat >${FOLDER}/words.conf; systemctl daemon-reload; systemctl restart civitas`;
  await run(machine, ['sh', '-ec', script], DROP_IN);
}

/** Calls back with each line that the agent writes from now on, until the signal. */
export async function followWords(
  machine: string,
  signal: AbortSignal,
  onLine: (text: string, wallMs: number) => Promise<void>,
): Promise<void> {
  const file = await open(join(machineFolder(machine), 'root', FILE));
  let { size: position } = await file.stat();
  let rest = '';
  try {
    while (!signal.aborted) {
      const { bytesRead, buffer } = await file.read({ position });
      position += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) await onLine(line, saidWallMs(line));
      if (bytesRead === 0) await sleep(LOOK_MS);
    }
  } finally {
    await file.close();
  }
}

function saidWallMs(line: string): number {
  return Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? '');
}

/** What this host calls the process of a machine's agent; undefined while there is none. */
export async function agentProcess(machine: string): Promise<number | undefined> {
  for (const process of await processesOf(machine)) {
    const argv = await readFile(`/proc/${process}/cmdline`, 'utf8').catch(() => '');
    if (AGENT.test(argv)) return process;
  }
  return undefined;
}

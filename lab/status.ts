import { memoryBytes, processesOf } from './cgroups.ts';
import { diskBytes, existingMachines } from './machine-disk.ts';
import { address } from './machine-name.ts';
import { initProcess } from './machine-process.ts';
import { brokenLinks } from './network.ts';

const MIB = 1_048_576;

/** One machine as `lab status` shows it. */
export type MachineStatus = {
  readonly name: string;
  readonly address: string;
  readonly state: 'up' | 'down';
  /** The machine's init, as this host numbers it. */
  readonly pid: number | null;
  readonly memoryMiB: number;
  readonly processes: number;
  readonly diskMiB: number;
  readonly isolated: boolean;
  readonly cutFrom: readonly string[];
};

/** Every machine that exists. */
export async function status(): Promise<readonly MachineStatus[]> {
  const broken = await brokenLinks();
  return Promise.all(
    (await existingMachines()).map(async (name) => {
      const pid = await initProcess(name);
      return {
        name,
        address: address(name),
        state: pid === undefined ? 'down' : 'up',
        pid: pid ?? null,
        memoryMiB: Math.round((await memoryBytes(name)) / MIB),
        processes: (await processesOf(name)).length,
        diskMiB: Math.round((await diskBytes(name)) / MIB),
        isolated: broken.isolated.includes(name),
        cutFrom: broken.cut.filter(([one]) => one === name).map(([, other]) => other),
      };
    }),
  );
}

/** The same as lines of text, columns aligned. */
export function statusTable(machines: readonly MachineStatus[]): string {
  const rows = [
    ['NAME', 'ADDRESS', 'STATE', 'PID', 'MEMORY', 'PROCESSES', 'DISK', 'NETWORK'],
    ...machines.map((each) => [
      each.name,
      each.address,
      each.state,
      String(each.pid ?? '-'),
      `${each.memoryMiB} MiB`,
      String(each.processes),
      `${each.diskMiB} MiB`,
      networkWords(each),
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

function networkWords({ isolated, cutFrom }: MachineStatus): string {
  if (isolated) return 'isolated';
  return cutFrom.length === 0 ? 'whole' : `cut from ${cutFrom.join(' ')}`;
}

import { run } from './machines.ts';

/** Operations of civitas that a machine started more than once, as its journal tells over power cuts. */
export async function repeatedOperations(machine: string): Promise<readonly string[]> {
  const started = `journalctl --no-pager -o cat | grep -o 'Starting civitas-op-[^ ]*' || true`;
  const lines = (await run(machine, ['sh', '-c', started])).trim().split('\n');
  const repeated = lines.filter((line, index) => line !== '' && lines.indexOf(line) !== index);
  return repeated.map((line) => `${machine}: ${line}`);
}

import { z } from 'zod';
import { address } from '../../../lab/machine-name.ts';
import { run } from './machines.ts';

/** Where agents listen for each other. */
const PORT = 7946;
const TABLE = 'inet peers';

const countersSchema = z.object({
  nftables: z.array(
    z.object({ counter: z.object({ name: z.string(), bytes: z.number() }).optional() }),
  ),
});

/** From now on a machine counts what agents of others send to its own; of `apart` nothing reaches it. */
export async function countPeers(
  machine: string,
  others: readonly string[],
  apart?: string,
): Promise<void> {
  const rules = others.flatMap((other) => {
    const verdict = other === apart ? 'drop' : 'accept';
    return ['sport', 'dport'].map(
      (end) => `ip saddr ${address(other)} tcp ${end} ${PORT} counter name ${other} ${verdict}`,
    );
  });
  const table = `table ${TABLE} {
    ${others.map((other) => `counter ${other} {}`).join('\n')}
    chain in {
      type filter hook input priority -300;
      ${rules.join('\n')}
    }
  }`;
  await run(machine, ['nft', '-f', '-'], table);
}

/** MiB that came of each other machine since then; what was dropped counts too. */
export async function mebibytesFrom(machine: string): Promise<Readonly<Record<string, number>>> {
  const told = await run(machine, [
    'nft',
    '--json',
    'list',
    'counters',
    'table',
    ...TABLE.split(' '),
  ]);
  const { nftables } = countersSchema.parse(JSON.parse(told));
  const counters = nftables.flatMap(({ counter }) => counter ?? []);
  return Object.fromEntries(
    counters.map(({ name, bytes }) => [name, Math.round(bytes / 1_048_576)]),
  );
}

/** Nothing is counted or dropped any more. */
export async function forgetPeers(machine: string): Promise<void> {
  await run(machine, ['nft', 'delete', 'table', ...TABLE.split(' ')]);
}

import { badOption } from './bad-option.ts';
import { type Moments, splitMoment } from './moments.ts';

const MOST_NAMED = 12;

/** One machine of `n1,n2@5m`. */
interface MachineMoment {
  readonly host: string;
  readonly atMs: number;
}

/** Of `--kill n1,n2@5m --kill n3`: each machine once. */
export function parseMachines(
  option: '--kill' | '--power-off',
  lists: readonly string[] | undefined,
  hostnames: readonly string[],
  moments: Moments,
): readonly MachineMoment[] {
  if (lists === undefined) return [];
  const parts = lists.flatMap((list) => list.split(','));
  const machines = parts.map((part) => {
    const { what, atMs } = splitMoment(option, part.trim(), moments);
    return { host: what, atMs };
  });
  const names = machines.map(({ host }) => host);
  refuseUnknown(option, names, hostnames);
  refuseRepeated(option, names);
  return machines;
}

export function refuseUnknown(
  option: string,
  names: readonly string[],
  hostnames: readonly string[],
): void {
  const unknown = names.find((name) => !hostnames.includes(name));
  if (unknown === undefined) return;
  const rest = hostnames.length > MOST_NAMED ? ' …' : '';
  const known = `${hostnames.slice(0, MOST_NAMED).join(', ')}${rest}`;
  const said = unknown === '' ? 'an empty name' : unknown;
  throw badOption(`${option} names ${said}, but the machines are ${known}: choose among them.`);
}

export function refuseRepeated(option: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw badOption(`${option} names ${repeated} more than once: name it once.`);
}

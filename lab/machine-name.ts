import { LabError } from './lab-error.ts';
import { networkPrefix } from './settings.ts';

const MOST_MACHINES = 199;

/** The number in a machine's name; throws for anything but n1 … n199. */
export function machineNumber(name: string): number {
  const number = Number(/^n([1-9]\d{0,2})$/.exec(name)?.[1]);
  if (number >= 1 && number <= MOST_MACHINES) return number;
  throw new LabError(`"${name}" is no machine: names are n1 to n${MOST_MACHINES}`);
}

/** The machine's IPv4 address on the lab's bridge. */
export function address(name: string): string {
  return `${networkPrefix}.${machineNumber(name)}`;
}

/** `5` means n1 … n5; anything else is a list of names, returned checked. */
export function machineNames(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first !== undefined && rest.length === 0 && /^\d+$/.test(first))
    return firstMachines(Number(first));
  for (const name of words) machineNumber(name);
  return [...new Set(words)];
}

/** n1 … n<count>. */
export function firstMachines(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  if (count >= 1 && count <= MOST_MACHINES) return names;
  throw new LabError(`${count} machines are not possible: ask for 1 to ${MOST_MACHINES}`);
}

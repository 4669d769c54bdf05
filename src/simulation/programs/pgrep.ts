import type { SimulatedProgram } from './program.ts';

/** The kernel keeps that much of a program's name. */
const LONGEST_NAME = 15;
const NONE = 1;

/** `pgrep --exact PATTERN`: of all processes, those of static pods. */
export const pgrep: SimulatedProgram = (_world, { runtime }, unit) => {
  const pattern = new RegExp(`^(?:${unit.argv.at(-1) ?? ''})$`);
  const names = [...runtime.pods].map((component) => component.slice(0, LONGEST_NAME));
  const found = names.filter((name) => pattern.test(name));
  unit.output.push(...found.map((_name, index) => String(index + 1)));
  return found.length > 0 ? 0 : NONE;
};

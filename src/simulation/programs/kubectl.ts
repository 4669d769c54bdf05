import type { SimulatedProgram } from './program.ts';

const FAILED = 1;

/** kubectl in an operation finds no kubeconfig, and asks its default address in vain. */
export const kubectl: SimulatedProgram = (_world, _host, unit) => {
  unit.output.push(
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
  );
  return FAILED;
};

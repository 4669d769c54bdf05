import { runKubeadm } from '../kubeadm/command.ts';
import type { SimulatedProgram } from './program.ts';

/** `env NAME=VALUE… kubeadm …`: no other program is started that way. */
export const env: SimulatedProgram = async (world, host, unit) => {
  const words = unit.argv.slice(1);
  const first = words.findIndex((word) => !word.includes('='));
  const variables = words.slice(0, first).map((word) => word.split(/=(.*)/s).slice(0, 2));
  const [program = '', ...rest] = words.slice(first);
  const environment: Readonly<Record<string, string>> = Object.fromEntries(variables);
  await runKubeadm(world, host, { ...unit, argv: [program, ...rest], environment });
  return 0;
};

import { runKubeadm } from '../kubeadm/command.ts';
import type { SimulatedProgram } from './program.ts';

/** `nice -n NUMBER kubeadm …`: no other program is started that way, and none gives way here. */
export const nice: SimulatedProgram = async (world, host, unit) => {
  const [program = '', ...rest] = unit.argv.slice(3);
  await runKubeadm(world, host, { ...unit, argv: [program, ...rest] });
  return 0;
};

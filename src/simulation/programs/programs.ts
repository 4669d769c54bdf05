import { runKubeadm } from '../kubeadm/command.ts';
import { kubernetesAt } from '../kubernetes-binaries.ts';
import type { SimulatedHost } from '../simulated-host.ts';
import { env } from './env.ts';
import { rm } from './files.ts';
import { kubectl } from './kubectl.ts';
import { nice } from './nice.ts';
import { pgrep } from './pgrep.ts';
import type { SimulatedProgram } from './program.ts';
import { systemctl } from './systemctl.ts';

/** By the last part of their path. */
const PROGRAMS: ReadonlyMap<string, SimulatedProgram> = new Map<string, SimulatedProgram>([
  [
    'kubeadm',
    async (world, host, unit) => {
      await runKubeadm(world, host, unit);
      return 0;
    },
  ],
  ['env', env],
  ['kubectl', kubectl],
  ['nice', nice],
  ['pgrep', pgrep],
  ['rm', rm],
  ['systemctl', systemctl],
]);

/** The program that a path or a bare name leads to on this host; undefined where there is none. */
export function findProgram(host: SimulatedHost, path: string): SimulatedProgram | undefined {
  const name = path.split('/').at(-1) ?? '';
  const ofKubernetes = name === 'kubeadm' || name === 'kubectl';
  if (ofKubernetes && kubernetesAt(host, path) === undefined) return undefined;
  return PROGRAMS.get(name);
}

import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';

type Argv = readonly [string, ...string[]];

/**
 * The command with kubeadm of the release that the assignment names, by its path: on PATH is the one
 * that goes with the kubelet, and a reset needs no other. Throws RetryableError `kubeadm.not-here`
 * while no folder has it.
 */
export async function ofRelease(argv: Argv, ports: Ports): Promise<Argv> {
  const { self, store, releases } = ports;
  const assignment = store.get('assignment', self.nodeId)?.value;
  const { kubernetesVersion = '', kubeletVersion = kubernetesVersion } = assignment ?? {};
  const [, verb, ...rest] = argv;
  if (kubeletVersion === kubernetesVersion || verb === undefined || verb === 'reset') return argv;
  const { folder, problem } = await releases.present(wantedRelease(ports, kubernetesVersion));
  if (folder !== null) return [`${folder}/kubeadm`, verb, ...rest];
  throw new RetryableError(
    'kubeadm.not-here',
    `kubeadm ${kubernetesVersion} is not on this host: ${problem}`,
  );
}

import type { Ports } from '../../ports/index.ts';
import { homeOf, STATIC_PODS } from '../../state/host-residue.ts';
import { KUBELET_FLAGS_FILE, LEAVES_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import { LEAF_FILES } from '../../state/leaf-files.ts';
import { withAddress } from '../../state/with-address.ts';
import { assignedBy, MOVE, PROXY_BEHIND } from './move.ts';

const SECRET = 0o600;
const PLAIN = 0o644;
const SECRET_PATHS = [
  ...LEAF_FILES.flatMap(({ form, path }) => (form === 'kubeconfig' ? [path] : [])),
  ...STATIC_PODS.map(homeOf),
];

interface Move {
  readonly former: string;
  readonly address: string;
}

/**
 * Stops what runs of the control plane, writes the address into all that names the former one, and starts
 * it. The file of the move goes last: whatever ends this, all of it is done once more.
 */
export async function readdress({ former, address }: Move, ports: Ports): Promise<void> {
  const { durable, files, host } = ports;
  await durable.write(MOVE, { former, operationId: assignedBy(ports) });
  await durable.write(PROXY_BEHIND, {});
  await host.stopStaticPods();
  for (const path of SECRET_PATHS) await rewrite(path, SECRET);
  await rewrite(KUBELET_FLAGS_FILE, PLAIN);
  await host.restartKubelet();
  await files.remove(LEAVES_CONFIG_FILE);
  await durable.remove(MOVE);

  async function rewrite(path: string, mode: number): Promise<void> {
    const content = await files.read(path);
    const moved = content && withAddress(content, former, address);
    if (moved && moved !== content) await files.write(path, moved, mode);
  }
}

import { parse, stringify } from 'yaml';
import type { Ports } from '../../ports/index.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { withoutRemovedGates } from '../../state/removed-gates.ts';

const KEY = 'ClusterConfiguration';

/**
 * Takes out of kubeadm-config what kubeadm of that release would end for. Nothing where it has nothing of
 * the kind; what somebody else wrote meanwhile stays, and kubeadm tells of it.
 */
export async function stripGates(release: string, { kube }: Ports): Promise<void> {
  const configMap = await kube.configMap('kubeadm-config');
  const present: unknown = parse(configMap?.data[KEY] ?? '');
  const minor = parseKubernetesVersion(release)?.minor;
  if (!configMap || minor === undefined || typeof present !== 'object' || !present) return;
  const fields = Object.fromEntries(Object.entries(present));
  const wanted = withoutRemovedGates(fields, minor);
  if (wanted === fields) return;
  const data = { [KEY]: stringify(wanted, { lineWidth: 0 }) };
  await kube.patchConfigMap('kubeadm-config', data, configMap.revision);
}

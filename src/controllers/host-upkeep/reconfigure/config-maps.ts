import { RetryableError } from '../../../errors.ts';
import type { Ports } from '../../../ports/index.ts';
import {
  formerPatches,
  type JudgedConfigMap,
  judgeConfigMaps,
  readConfigMaps,
} from '../../../runtime/kubeadm-config-maps.ts';
import { parseHostMarker } from '../../../state/host-marker.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import { MARKER_FILE } from '../../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../../state/kubernetes-version.ts';
import { answered } from '../answer.ts';

/**
 * Whether the ConfigMaps of kubeadm say what the spec does. `unknown`: nobody told. `broken`: one of
 * them is gone, or can not be read.
 */
export type ConfigMapSight = 'same' | 'different' | 'broken' | 'unknown';

/** Only on control planes: others may not ask. `kubernetesVersion` is what the cluster runs. */
export async function observeConfigMaps(
  ports: Ports,
  kubernetesVersion: string,
): Promise<ConfigMapSight> {
  const judged = await answered(judge(ports, kubernetesVersion));
  if (!judged) return 'unknown';
  if (judged.some(({ verdict }) => verdict === 'absent' || verdict === 'unreadable'))
    return 'broken';
  return judged.every(({ verdict }) => verdict === 'same') ? 'same' : 'different';
}

/**
 * Has them say what the spec does; safe to repeat. Rejects with RetryableError
 * `upkeep.config-map-moved` when somebody else wrote one meanwhile.
 */
export async function writeConfigMaps(ports: Ports, kubernetesVersion: string): Promise<void> {
  for (const { name, patch } of (await judge(ports, kubernetesVersion)) ?? []) {
    if (!patch) continue;
    const answer = await ports.kube.patchConfigMap(name, patch.data, patch.revision);
    if (answer === 'done') continue;
    const message = `ConfigMap ${name} was changed by somebody else a moment ago: it is looked at again.`;
    throw new RetryableError('upkeep.config-map-moved', message);
  }
}

async function judge(
  ports: Ports,
  kubernetesVersion: string,
): Promise<readonly JudgedConfigMap[] | undefined> {
  const { files, host, store } = ports;
  const spec = store.get('spec', SINGLETON)?.value;
  const version = parseKubernetesVersion(kubernetesVersion);
  const marker = parseHostMarker((await files.read(MARKER_FILE)) ?? '');
  if (!spec || !version || !marker) return undefined;
  return judgeConfigMaps(await readConfigMaps(ports), {
    kubernetesVersion: version,
    clusterId: marker.clusterId,
    cgroupDriver: await host.cgroupDriver(),
    spec,
    former: formerPatches(ports),
  });
}

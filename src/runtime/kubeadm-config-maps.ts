import type { Ports } from '../ports/index.ts';
import type { KubeConfigMap } from '../ports/kube-objects.ts';
import type { ClusterSpec } from '../state/cluster-spec.ts';
import {
  CONFIG_MAP_KEYS,
  type ConfigMapName,
  wantedConfigMap,
} from '../state/kubeadm/wanted-config-map.ts';

export type ConfigMaps = Readonly<Record<ConfigMapName, KubeConfigMap | undefined>>;

/** As `Kube.configMap` answers, and rejects. */
export async function readConfigMaps({ kube }: Pick<Ports, 'kube'>): Promise<ConfigMaps> {
  const [kubeadm, kubelet, proxy] = await Promise.all([
    kube.configMap('kubeadm-config'),
    kube.configMap('kubelet-config'),
    kube.configMap('kube-proxy'),
  ]);
  return { 'kubeadm-config': kubeadm, 'kubelet-config': kubelet, 'kube-proxy': proxy };
}

/** What people asked for of kubeadm before, in whatever order: see `ConfigMapContext.former`. */
export function formerPatches({ store }: Pick<Ports, 'store'>): readonly ClusterSpec['kubeadm'][] {
  return store.list('edition').map(({ value }) => value.spec.kubeadm);
}

/** One ConfigMap, and what should be in it: a patch of its data where that is something else. */
export interface JudgedConfigMap {
  readonly name: ConfigMapName;
  readonly verdict: 'same' | 'absent' | 'unreadable' | 'different';
  /** The document as it stands there; empty where there is none. */
  readonly text: string;
  /** For `different`. */
  readonly patch?: { readonly data: KubeConfigMap['data']; readonly revision: string };
}

export function judgeConfigMaps(
  present: ConfigMaps,
  context: Parameters<typeof wantedConfigMap>[2],
): readonly JudgedConfigMap[] {
  // Sound: the table has exactly these keys.
  const names = Object.keys(CONFIG_MAP_KEYS) as ConfigMapName[];
  return names.map((name): JudgedConfigMap => {
    const found = present[name];
    const text = found?.data[CONFIG_MAP_KEYS[name]];
    if (found === undefined || text === undefined) return { name, verdict: 'absent', text: '' };
    const wanted = wantedConfigMap(name, text, context);
    if (typeof wanted === 'string') return { name, verdict: wanted, text };
    const data = { [CONFIG_MAP_KEYS[name]]: wanted.text };
    return { name, verdict: 'different', text, patch: { data, revision: found.revision } };
  });
}

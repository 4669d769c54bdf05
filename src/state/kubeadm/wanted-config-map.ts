import { parseDocument, stringify } from 'yaml';
import type { ClusterSpec } from '../cluster-spec.ts';
import type { KubernetesVersion } from '../kubernetes-version.ts';
import { remembered } from '../remembered.ts';
import { withoutRemovedGates } from '../removed-gates.ts';
import { sameValue } from '../same-value.ts';
import { clusterConfiguration } from './cluster-configuration.ts';
import { kubeletConfiguration, kubeProxyConfiguration } from './component-configs.ts';
import { inDialect } from './in-dialect.ts';
import { isFields } from './is-fields.ts';
import { type Fields, kubeadmDialect } from './kubeadm-dialect.ts';
import { layOver } from './lay-over.ts';
import type { PatchedDocument } from './owned-fields.ts';
import { withoutOwned } from './owned-in.ts';
import { withoutFormer } from './without-former.ts';

/** ConfigMaps of kube-system that kubeadm reads, with the key of the document in each. */
export const CONFIG_MAP_KEYS = {
  'kubeadm-config': 'ClusterConfiguration',
  'kubelet-config': 'kubelet',
  'kube-proxy': 'config.conf',
} as const;

export type ConfigMapName = keyof typeof CONFIG_MAP_KEYS;

export interface ConfigMapContext {
  /** What every API server of the cluster runs. */
  readonly kubernetesVersion: KubernetesVersion;
  readonly clusterId: string;
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
  readonly spec: ClusterSpec;
  /** What people wrote in `spec.kubeadm` before: what they took back goes from the ConfigMap, too. */
  readonly former: readonly ClusterSpec['kubeadm'][];
}

/**
 * The text of a ConfigMap's document as it should be: what stands there, with what civitas lays down,
 * then the spec's patches, without gates that kubeadm knows no more. `same` when that is so already;
 * `unreadable` where nobody can tell what stands there, or it is of another version of kubeadm's API.
 */
export function wantedConfigMap(
  name: ConfigMapName,
  text: string,
  context: ConfigMapContext,
): 'same' | 'unreadable' | { readonly text: string } {
  const present = readFields(text);
  if (present === undefined) return 'unreadable';
  const { generated, patch, former } = layersOf(name, context);
  if (present['apiVersion'] !== generated['apiVersion']) return 'unreadable';
  const kept = withoutFormer(present, former, [generated, patch]);
  const laid = layOver(layOver(kept, generated), patch);
  const { minor } = context.kubernetesVersion;
  const wanted = name === 'kubeadm-config' ? withoutRemovedGates(laid, minor) : laid;
  return sameValue(wanted, present) ? 'same' : { text: stringify(wanted, { lineWidth: 0 }) };
}

interface Layers {
  readonly generated: Fields;
  readonly patch: Fields;
  readonly former: readonly Fields[];
}

const DOCUMENTS = {
  'kubeadm-config': 'clusterConfiguration',
  'kubelet-config': 'kubeletConfiguration',
  'kube-proxy': 'kubeProxyConfiguration',
} as const satisfies Record<ConfigMapName, PatchedDocument>;

/** Whatever stands in the spec: what is civitas' to say is never taken from people. */
function layersOf(name: ConfigMapName, context: ConfigMapContext): Layers {
  const document = DOCUMENTS[name];
  const dialect = kubeadmDialect(context.kubernetesVersion);
  return {
    generated: generatedFor(name, context),
    patch: inDialect(withoutOwned(document, context.spec.kubeadm[document]), dialect),
    former: context.former.map((each) => inDialect(each[document], dialect)),
  };
}

function generatedFor(name: ConfigMapName, context: ConfigMapContext): Fields {
  switch (name) {
    case 'kubeadm-config':
      return generatedCluster(context);
    case 'kubelet-config':
      return kubeletConfiguration(context);
    case 'kube-proxy':
      return kubeProxyConfiguration();
  }
}

/** Names of nodes are left as they are: each join has those of its time in its own certificate. */
function generatedCluster(context: ConfigMapContext): Fields {
  const dialect = kubeadmDialect(context.kubernetesVersion);
  return clusterConfiguration(dialect, { ...context, knownNames: [] });
}

const readFields = remembered((text): Fields | undefined => {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.toJS();
  return isFields(value) ? value : undefined;
});

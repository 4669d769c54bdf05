import { deadFeatureGates } from './kubeadm/dead-feature-gates.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Names of the feature gates in a ClusterConfiguration that kubeadm of that minor release does not know
 * any more. With one of them it ends every command, `upgrade` too: `… is not a valid feature name`.
 */
export function removedGates(configuration: Fields, minor: number): readonly string[] {
  return deadFeatureGates(Object.keys(gatesOf(configuration)), minor);
}

/** The same ClusterConfiguration for kubeadm of that minor release: without those gates. */
export function withoutRemovedGates(configuration: Fields, minor: number): Fields {
  const removed = removedGates(configuration, minor);
  if (removed.length === 0) return configuration;
  const { featureGates: _, ...rest } = configuration;
  const kept = Object.entries(gatesOf(configuration)).filter(([gate]) => !removed.includes(gate));
  return kept.length === 0 ? rest : { ...rest, featureGates: Object.fromEntries(kept) };
}

function gatesOf({ featureGates }: Fields): Fields {
  return typeof featureGates === 'object' && featureGates !== null ? { ...featureGates } : {};
}

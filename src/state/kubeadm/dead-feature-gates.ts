/**
 * Feature gates that kubeadm had and has no more, by the last minor that knows them (its features
 * package). A newer kubeadm refuses every command while one of them stands in kubeadm-config.
 */
const KNOWN_UNTIL: Readonly<Record<string, number>> = {
  IPv6DualStack: 23,
  UnversionedKubeletConfigMap: 25,
  UpgradeAddonsBeforeControlPlane: 31,
  EtcdLearnerMode: 32,
  WaitForAllControlPlaneComponents: 34,
};

/** Which of the gates a kubeadm of this minor knows no more; one that nobody ever knew is none of them. */
export function deadFeatureGates(gates: readonly string[], minor: number): readonly string[] {
  return gates.filter((gate) => minor > (KNOWN_UNTIL[gate] ?? Number.POSITIVE_INFINITY));
}

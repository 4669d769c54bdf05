import { minorOf } from '../../kubernetes-releases.ts';
import type { UploadedConfiguration } from '../../simulated-cluster.ts';
import { KubeadmFailure } from '../failure.ts';
import type { KubeadmRun } from '../run.ts';

/** Feature gates by the last minor of kubeadm that knows them (its features package). */
const KNOWN_UNTIL: Readonly<Record<string, number>> = {
  EtcdLearnerMode: 32,
  UpgradeAddonsBeforeControlPlane: 31,
  WaitForAllControlPlaneComponents: 34,
  PublicKeysECDSA: Number.POSITIVE_INFINITY,
  RootlessControlPlane: Number.POSITIVE_INFINITY,
  ControlPlaneKubeletLocalMode: Number.POSITIVE_INFINITY,
  NodeLocalCRISocket: Number.POSITIVE_INFINITY,
};

/** A gate in kubeadm-config that this kubeadm does not know any more ends every command. */
export function refuseUnknownGates(
  { kubeadmVersion }: KubeadmRun,
  { featureGates }: UploadedConfiguration,
  prefix: string,
): void {
  const minor = minorOf(kubeadmVersion);
  const unknown = Object.keys(featureGates).find((gate) => (KNOWN_UNTIL[gate] ?? 0) < minor);
  if (unknown === undefined) return;
  const given = Object.entries(featureGates).map(([gate, on]) => `"${gate}":${on}`);
  throw new KubeadmFailure(
    `${prefix}: featureGates: Invalid value: {${given.join(',')}}: ${unknown} is not a valid feature name.`,
  );
}

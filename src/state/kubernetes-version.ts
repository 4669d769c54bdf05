/** A release of Kubernetes 1.x. */
export interface KubernetesVersion {
  readonly minor: number;
  readonly patch: number;
}

/** kubelets older than the API server by more are outside the version skew policy. */
const KUBELET_MINORS_BEHIND = 3;

/** Reads `v1.34.4`; undefined for anything else, pre-releases included. */
export function parseKubernetesVersion(text: string): KubernetesVersion | undefined {
  const match = /^v1\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match ? { minor: Number(match[1]), patch: Number(match[2]) } : undefined;
}

/** Negative when `left` is older, 0 when they are the same release, positive when it is newer. */
export function compareKubernetesVersions(
  left: KubernetesVersion,
  right: KubernetesVersion,
): number {
  return left.minor - right.minor || left.patch - right.patch;
}

/** Whether both are releases, and `left` is the newer one. */
export function isNewerRelease(left: string, right: string): boolean {
  const [a, b] = [parseKubernetesVersion(left), parseKubernetesVersion(right)];
  return a !== undefined && b !== undefined && compareKubernetesVersions(a, b) > 0;
}

/**
 * Whether a kubelet may talk to an API server: never newer in minor, at most three minors older
 * (Kubernetes version skew policy, as it stands since 1.28).
 */
export function mayKubeletServe(kubelet: KubernetesVersion, apiServer: KubernetesVersion): boolean {
  const behind = apiServer.minor - kubelet.minor;
  return behind >= 0 && behind <= KUBELET_MINORS_BEHIND;
}

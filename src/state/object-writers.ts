/** Who wrote fields of a stored object, by which version of its API, as the object itself says. */
export interface ObjectWriter {
  /** Of `managedFields`: `helm`, `kubectl-client-side-apply`, the name of a controller. */
  readonly manager: string;
  /** `storage.k8s.io/v1beta1`. */
  readonly apiVersion: string;
  readonly wroteWallMs: number;
}

export interface WrittenObject {
  /** Null for what is in no namespace. */
  readonly namespace: string | null;
  readonly name: string;
  readonly writers: readonly ObjectWriter[];
  /** Of the manifest that `kubectl apply` keeps with the object; null where it keeps none. */
  readonly appliedApiVersion: string | null;
}

const KUBECTL_APPLY = 'kubectl-client-side-apply';
/** They are of the release themselves, and go up with it. */
const OF_KUBERNETES: readonly string[] = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
];

/**
 * Who would write the object by that version again. Not who has written it by another one since: an API
 * server keeps what an update by another version did not change as it was.
 */
export function writersBy(
  apiVersion: string,
  { writers, appliedApiVersion }: WrittenObject,
): readonly string[] {
  const last = new Map<string, ObjectWriter>();
  for (const writer of writers) {
    const known = last.get(writer.manager);
    if (!known || known.wroteWallMs <= writer.wroteWallMs) last.set(writer.manager, writer);
  }
  const managers = [...last.values()]
    .filter((writer) => writer.apiVersion === apiVersion)
    .map(({ manager }) => manager)
    .filter((manager) => !OF_KUBERNETES.includes(manager));
  const isApplied = appliedApiVersion === apiVersion;
  return [...new Set([...(isApplied ? [KUBECTL_APPLY] : []), ...managers])];
}

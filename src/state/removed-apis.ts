/** A version of an API that a minor release of Kubernetes does not serve any more. */
export interface RemovedApi {
  readonly group: string;
  readonly version: string;
  /** As in paths, `validatingadmissionpolicies`. */
  readonly resource: string;
  readonly kind: string;
  /** The first minor release without it. */
  readonly removedMinor: number;
  /** A version that shows the same objects in the release before: to ask by the removed one counts as a use of it. */
  readonly through: string;
}

/**
 * Of everything that is stored, since v1.32. Source: `APILifecycleRemoved`, and what is not there any more,
 * in k8s.io/api v0.31.0 to v0.37.0-beta.0. Left out: what is never stored (SelfSubjectReview, discovery),
 * and alpha versions beside which the release before serves no other (PodCertificateRequest and
 * StorageVersionMigration v1alpha1, both gone in 1.35).
 */
const REMOVED: readonly RemovedApi[] = [
  ...removedIn(32, 'flowcontrol.apiserver.k8s.io', 'v1beta3', 'v1', [
    ['flowschemas', 'FlowSchema'],
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration'],
  ]),
  ...removedIn(32, 'admissionregistration.k8s.io', 'v1alpha1', 'v1', [
    ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy'],
    ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'],
  ]),
  ...removedIn(33, 'networking.k8s.io', 'v1alpha1', 'v1beta1', [
    ['ipaddresses', 'IPAddress'],
    ['servicecidrs', 'ServiceCIDR'],
  ]),
  ...removedIn(34, 'admissionregistration.k8s.io', 'v1beta1', 'v1', [
    ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy'],
    ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'],
  ]),
  ...removedIn(34, 'resource.k8s.io', 'v1alpha3', 'v1beta1', [
    ['deviceclasses', 'DeviceClass'],
    ['resourceclaims', 'ResourceClaim'],
    ['resourceclaimtemplates', 'ResourceClaimTemplate'],
    ['resourceslices', 'ResourceSlice'],
  ]),
  ...removedIn(35, 'storage.k8s.io', 'v1alpha1', 'v1', [
    ['volumeattributesclasses', 'VolumeAttributesClass'],
  ]),
  ...removedIn(37, 'certificates.k8s.io', 'v1alpha1', 'v1beta1', [
    ['clustertrustbundles', 'ClusterTrustBundle'],
  ]),
  ...removedIn(37, 'networking.k8s.io', 'v1beta1', 'v1', [
    ['ipaddresses', 'IPAddress'],
    ['servicecidrs', 'ServiceCIDR'],
  ]),
  ...removedIn(37, 'storage.k8s.io', 'v1beta1', 'v1', [
    ['volumeattributesclasses', 'VolumeAttributesClass'],
  ]),
];

/** What a cluster of the one minor release loses on its way to the other; nothing within a minor. */
export function apisRemovedBetween(fromMinor: number, toMinor: number): readonly RemovedApi[] {
  return REMOVED.filter(({ removedMinor }) => removedMinor > fromMinor && removedMinor <= toMinor);
}

function removedIn(
  removedMinor: number,
  group: string,
  version: string,
  through: string,
  kinds: readonly (readonly [resource: string, kind: string])[],
): readonly RemovedApi[] {
  return kinds.map(([resource, kind]) => {
    return { group, version, resource, kind, removedMinor, through };
  });
}

import type { ClusterSpec } from './cluster-spec.ts';
import type { PatchedDocument } from './kubeadm/owned-fields.ts';
import { ownedIn } from './kubeadm/owned-in.ts';
import { problem, type SpecProblem } from './spec-problem.ts';

const DOCUMENTS: readonly PatchedDocument[] = [
  'clusterConfiguration',
  'kubeletConfiguration',
  'kubeProxyConfiguration',
];

/** What people write past the fields of the spec, by patching what kubeadm is told. */
export function kubeadmProblems({ kubeadm }: ClusterSpec): readonly SpecProblem[] {
  return DOCUMENTS.flatMap((document) =>
    ownedIn(document, kubeadm[document]).map(({ path, why, cure }) =>
      problem(
        ['kubeadm', document, ...path].join('.'),
        `is not for people to set, as ${why}: ${cure}`,
      ),
    ),
  );
}

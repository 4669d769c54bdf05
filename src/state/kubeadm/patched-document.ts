import { inDialect } from './in-dialect.ts';
import { type Fields, kubeadmDialect } from './kubeadm-dialect.ts';
import type { KubeadmInput } from './kubeadm-input.ts';
import { mergePatch } from './merge-patch.ts';
import type { PatchedDocument } from './owned-fields.ts';
import { withoutOwned } from './owned-in.ts';

/**
 * A document for kubeadm with what the spec says of it laid over. Whatever stands in the spec: what is
 * civitas' to say is never taken from people.
 */
export function patchedDocument(
  document: PatchedDocument,
  generated: Fields,
  { spec, kubernetesVersion }: Pick<KubeadmInput, 'spec' | 'kubernetesVersion'>,
): unknown {
  const patch = withoutOwned(document, spec.kubeadm[document]);
  return mergePatch(generated, inDialect(patch, kubeadmDialect(kubernetesVersion)));
}

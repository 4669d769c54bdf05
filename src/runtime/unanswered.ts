import { CivitasError } from '../errors.ts';

/** Codes of: nobody answered, or not yet with the rights that go with a control plane or a later phase of `kubeadm init`. */
export const UNANSWERED: ReadonlySet<string> = new Set([
  'kube.unreachable',
  'kube.refused',
  'etcd.unreachable',
]);

/** Whether a question to an API server or to etcd failed only because nobody who may answer is there. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof CivitasError && UNANSWERED.has(error.code);
}

import { CivitasError } from '../../errors.ts';

/** Nobody answered, or not yet with the rights that go with a control plane. */
const UNANSWERED = ['kube.unreachable', 'kube.refused', 'etcd.unreachable'];

/** What was answered; undefined as well when nobody did. Other errors go on. */
export async function answered<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof CivitasError && UNANSWERED.includes(error.code)) return undefined;
    throw error;
  }
}

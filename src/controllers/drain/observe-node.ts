import { RetryableError } from '../../errors.ts';
import type { Kube } from '../../ports/kube.ts';
import type { Sight } from './observed.ts';

/** A Node as it is now; what is on it only where it is to be emptied. */
export async function observeNode(name: string, toEmpty: boolean, kube: Kube): Promise<Sight> {
  try {
    const node = (await kube.nodes()).find((each) => each.name === name);
    const marks = node && (await kube.nodeMarks(name));
    if (!node || !marks) return { node: undefined };
    return {
      node: {
        ready: node.ready,
        kubeletVersion: node.kubeletVersion,
        marks,
        pods: toEmpty ? await kube.podsOn(name) : [],
        budgets: toEmpty ? await kube.disruptionBudgets() : [],
        attachments: toEmpty ? await kube.volumeAttachments(name) : [],
      },
    };
  } catch (error) {
    if (!(error instanceof RetryableError) || error.code !== 'kube.unreachable') throw error;
    return { unseen: { reason: 'api-server', message: error.message } };
  }
}

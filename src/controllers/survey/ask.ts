import type { Ports } from '../../ports/index.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { isLateOrder } from '../../state/late-order.ts';
import { maySponsor } from '../../state/sponsorship.ts';
import type { Ask } from './observed.ts';

/** What this node is asked to look at, while it serves as a control plane and its copy is the log. */
export function askOf({ leases, self, store }: Ports): Ask | undefined {
  const entry = store.get('order', self.nodeId);
  if (entry?.value.task !== 'survey' || entry.value.planId === null) return undefined;
  if (!maySponsor(self.nodeId, store, leases.sinceLogFailoverMs())) return undefined;
  const leadership = store.get('leadership', SINGLETON);
  if (isLateOrder(entry, leadership, store.list('order'))) return undefined;
  const { incarnation, operationId, planId, kubernetesVersion } = entry.value;
  if (incarnation !== self.incarnation) return undefined;
  return { operationId, planId, kubernetesVersion };
}

import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Action, decide, type Observed } from './decide.ts';

/** Keeps this node's API load balancer pointed at the control planes; nothing cuts its last server. */
export const loadbalancer: Controller<Observed, Action> = {
  name: 'loadbalancer',
  scope: 'node',
  inputs: ['node', 'assignment', 'status', 'order'],
  outputs: [],
  settledLookMs: 60_000,

  async observe({ balancer, leases, self, store }) {
    const view = await balancer.observe();
    const enrolled = store.get('node', self.nodeId) !== undefined;
    return {
      ...view,
      self: self.nodeId,
      settled: isSettledCopy(leases.sinceLogFailoverMs(), enrolled),
      nodes: store.list('node').map(({ value }) => value),
      assignments: store.list('assignment').map(({ value }) => value),
      statuses: store.list('status').map(({ value }) => value),
      orders: store.list('order').map(({ value }) => value),
    };
  },

  decide,
  act,
};

function act(action: Action, { balancer }: Ports): Promise<void> {
  switch (action.type) {
    case 'install':
      return balancer.install(action.servers);
    case 'add-server':
      return balancer.addServer(action.server);
    case 'remove-server':
      return balancer.removeServer(action.name);
    case 'write-file':
      return balancer.writeFile(action.servers);
  }
}
